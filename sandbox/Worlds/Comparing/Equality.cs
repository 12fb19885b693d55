using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Comparing;

/// <summary>
/// When two worlds are equal: what is not compared, because servers and controllers write it by themselves. Nothing else is left out.
/// </summary>
internal static class Equality
{
    private const string Kubernetes = "/k8s/";
    private const string Revision = "deployment.kubernetes.io/revision";

    // Written by Google's servers.
    private static readonly HashSet<string> GoogleFields =
    [
        "etag", "fingerprint", "labelFingerprint", "createTime", "updateTime", "deleteTime", "creationTimestamp", "uniqueId", "id", "uid", "generation", "status", "state",
    ];

    // Written by Kubernetes' servers.
    private static readonly HashSet<string> MetadataFields =
        ["resourceVersion", "uid", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "selfLink"];

    /// <summary>A world with only what counts in it.</summary>
    public static Dictionary<string, JsonNode> Normalise(WorldSnapshot world)
    {
        var scaled = ScaledTargets(world);
        var counted = new Dictionary<string, int>(StringComparer.Ordinal);
        var normalised = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var (name, resource) in world.Resources.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (IsLeftOut(name, resource) || resource.DeepClone() is not JsonObject copy)
            {
                continue;
            }

            var key = name;
            if (name.Contains(Kubernetes, StringComparison.Ordinal))
            {
                StripKubernetes(copy, scaled.Contains(name));
                key = WithoutDrawnName(name, copy, counted);
            }
            else
            {
                StripGoogle(copy);
            }

            normalised[key] = copy;
        }

        return normalised;
    }

    // Events, operations, templates that a workload once had, and ReplicaSets that no pod belongs to any more: they only tell what once was.
    private static bool IsLeftOut(string name, JsonNode resource) =>
        KindOf(name) is "events" or "controllerrevisions"
        || name.Contains("/operations/", StringComparison.Ordinal)
        || (KindOf(name) is "replicasets" && resource["spec"]?["replicas"]?.GetValue<int>() == 0);

    // Which things an autoscaler scales: their replicas are its own.
    private static HashSet<string> ScaledTargets(WorldSnapshot world) =>
    [
        .. world.Resources
            .Where(pair => KindOf(pair.Key) is "horizontalpodautoscalers")
            .Select(pair => (Namespace: NamespaceOf(pair.Key), Target: pair.Value["spec"]?["scaleTargetRef"]?["name"]?.GetValue<string>()))
            .Where(pair => pair.Target is not null)
            .SelectMany(pair => world.Resources.Keys.Where(name =>
                name.StartsWith(pair.Namespace, StringComparison.Ordinal)
                && name.EndsWith($"/{pair.Target}", StringComparison.Ordinal)
                && KindOf(name) is "deployments" or "statefulsets")),
    ];

    private static void StripKubernetes(JsonObject resource, bool isScaled)
    {
        resource.Remove("status");
        if (resource["metadata"] is JsonObject metadata)
        {
            StripMetadata(metadata);
        }

        if (isScaled && resource["spec"] is JsonObject spec)
        {
            spec.Remove("replicas");
        }
    }

    private static void StripMetadata(JsonObject metadata)
    {
        foreach (var field in MetadataFields)
        {
            metadata.Remove(field);
        }

        foreach (var owner in metadata["ownerReferences"] as JsonArray ?? [])
        {
            (owner as JsonObject)?.Remove("uid");
        }

        if (metadata["annotations"] is JsonObject annotations)
        {
            annotations.Remove(Revision);
            if (annotations.Count == 0)
            {
                metadata.Remove("annotations");
            }
        }
    }

    private static void StripGoogle(JsonObject resource)
    {
        foreach (var field in GoogleFields)
        {
            resource.Remove(field);
        }
    }

    // ReplicaSets and pods have names that are drawn or hashed: they go by what owns them, and a number.
    private static string WithoutDrawnName(string name, JsonObject resource, Dictionary<string, int> counted)
    {
        if (KindOf(name) is not ("replicasets" or "pods") || resource["metadata"] is not JsonObject metadata
            || metadata["ownerReferences"] is not JsonArray { Count: > 0 } owners)
        {
            return name;
        }

        var owner = owners[0]?["name"]?.GetValue<string>() ?? "";
        owner = KindOf(name) is "pods" && owner.Contains('-', StringComparison.Ordinal) ? owner[..owner.LastIndexOf('-')] : owner;
        foreach (var field in (string[])["name", "generateName", "ownerReferences"])
        {
            metadata.Remove(field);
        }

        // Where the scheduler puts a pod is as accidental as what it is called.
        (resource["spec"] as JsonObject)?.Remove("nodeName");
        if (owners[0]?["kind"]?.GetValue<string>() is "DaemonSet")
        {
            // It is bound to its node by an affinity.
            (resource["spec"] as JsonObject)?.Remove("affinity");
        }

        WithoutHash(metadata["labels"]);
        WithoutHash(resource["spec"]?["selector"]?["matchLabels"]);
        WithoutHash(resource["spec"]?["template"]?["metadata"]?["labels"]);
        var key = $"{FolderOf(name)}/{owner}";
        counted[key] = counted.GetValueOrDefault(key) + 1;
        return $"{key}-{counted[key]}";
    }

    private static void WithoutHash(JsonNode? labels)
    {
        foreach (var label in (string[])["pod-template-hash", "controller-revision-hash", "pod-template-generation"])
        {
            (labels as JsonObject)?.Remove(label);
        }
    }

    private static string NamespaceOf(string name)
    {
        const string Namespaces = "/k8s/namespaces/";
        var start = name.IndexOf(Namespaces, StringComparison.Ordinal) + Namespaces.Length;
        return name[..(name.IndexOf('/', start) + 1)];
    }

    private static string FolderOf(string name) => name[..name.LastIndexOf('/')];

    private static string KindOf(string name) => name.Split('/') is { Length: > 1 } parts ? parts[^2] : "";
}
