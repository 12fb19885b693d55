using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>Makes manifests ready to be applied: in the order of what needs what, and without the fields that controllers own.</summary>
public static class WantedObjects
{
    private static readonly string[] Order =
    [
        "CustomResourceDefinition", "Namespace", "ServiceAccount", "Secret", "ConfigMap", "ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding",
        "Service", "Deployment", "DaemonSet", "StatefulSet", "PodDisruptionBudget", "HorizontalPodAutoscaler", "ValidatingWebhookConfiguration",
        "MutatingWebhookConfiguration",
    ];

    /// <summary>Makes manifests ready.</summary>
    /// <param name="types">The kinds that the cluster has.</param>
    /// <param name="manifests">The manifests.</param>
    /// <param name="inNamespace">The namespace of those that name none.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The objects, in the order in which they are applied.</returns>
    /// <exception cref="MeshException">One is of a kind that there isn't: <c>KIND_UNKNOWN</c>; or has no name: <c>MANIFEST_INVALID</c>.</exception>
    public static async Task<IReadOnlyList<WantedObject>> OfAsync(
        ObjectTypes types, IReadOnlyList<JsonObject> manifests, string inNamespace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(types);
        var brought = manifests.Where(manifest => manifest.Text("kind") == "CustomResourceDefinition").SelectMany(Types).ToList();
        var scaled = manifests
            .Where(manifest => manifest.Text("kind") == "HorizontalPodAutoscaler")
            .Select(autoscaler => (autoscaler.Text("spec", "scaleTargetRef", "kind"), autoscaler.Text("spec", "scaleTargetRef", "name")))
            .ToHashSet();
        var found = new List<WantedObject>();
        foreach (var manifest in manifests)
        {
            var (apiVersion, kind) = (manifest.Text("apiVersion") ?? "", manifest.Text("kind") ?? "");
            var type = brought.FirstOrDefault(one => one.ApiVersion == apiVersion && one.Kind == kind)
                ?? await types.FindAsync(apiVersion, kind, cancellationToken)
                ?? throw new MeshException(
                    "KIND_UNKNOWN",
                    $"The cluster has no kind '{kind}' of {apiVersion}, which '{manifest.NameOf()}' is.",
                    "Install what brings the kind first, or leave the object out.");
            found.Add(Ready(manifest, type, inNamespace, scaled));
        }

        // Same kind, same name: the last one counts, as with kubectl apply.
        return [.. found
            .GroupBy(one => one.Target)
            .Select(same => same.Last())
            .OrderBy(one => Array.IndexOf(Order, one.Type.Kind) is >= 0 and var rank ? rank : Order.Length)];
    }

    private static WantedObject Ready(
        JsonObject manifest, ObjectType type, string inNamespace, HashSet<(string? Kind, string? Name)> scaled)
    {
        var body = (JsonObject)manifest.DeepClone();
        var name = body.NameOf();
        if (name.Length == 0)
        {
            throw new MeshException("MANIFEST_INVALID", $"A {type.Kind} has no name.", "Give it metadata.name.");
        }

        body.Remove("status");
        var metadata = body.Child("metadata");
        metadata.Remove("creationTimestamp");
        if (type.IsNamespaced)
        {
            metadata["namespace"] ??= inNamespace;
        }
        else
        {
            metadata.Remove("namespace");
        }

        if (scaled.Contains((type.Kind, name)))
        {
            body.Child("spec").Remove("replicas");
        }

        foreach (var webhook in type.Group == "admissionregistration.k8s.io" ? body.Items("webhooks") : [])
        {
            webhook.Child("clientConfig").Remove("caBundle");
        }

        return new WantedObject(new ObjectRef(type.Group, type.Plural, type.IsNamespaced ? body.Text("metadata", "namespace") : null, name), type, body);
    }

    private static IEnumerable<ObjectType> Types(JsonObject definition)
    {
        var group = definition.Text("spec", "group");
        return definition.Items("spec", "versions").Select(version => new ObjectType(
            $"{group}/{version.Text("name")}",
            definition.Text("spec", "names", "kind") ?? "",
            definition.Text("spec", "names", "plural") ?? "",
            definition.Text("spec", "scope") == "Namespaced"));
    }
}
