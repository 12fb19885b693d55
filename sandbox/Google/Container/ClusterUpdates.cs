using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Schemas;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>What an update of a cluster asks for, and how the cluster looks afterwards.</summary>
internal static class ClusterUpdates
{
    private const string Prefix = "desired";

    // These may come together: they are one thing to GKE.
    private static readonly string[][] Groups = [["desiredLoggingService", "desiredMonitoringService"], ["desiredLoggingConfig", "desiredMonitoringConfig"]];

    /// <exception cref="GoogleFailure">It asks for nothing, for more than one thing, or for what this cluster can't have.</exception>
    public static void Check(JsonObject update, GkeCluster cluster)
    {
        var asked = update.Select(field => field.Key).ToList();
        if (asked.Count == 0)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("Must specify a field to update."));
        }

        if (asked.Count > 1 && !Groups.Any(group => asked.All(group.Contains)))
        {
            throw new GoogleFailure(GoogleErrors.Invalid($"Only one update can be applied to a cluster at a time; {string.Join(", ", asked)} were given."));
        }

        if (asked.FirstOrDefault(field => field != "desiredFleet" && FieldOf(field) is null) is { } unknown)
        {
            throw new GoogleFailure(GoogleErrors.Of("UNIMPLEMENTED", $"This sandbox does not carry out the update {unknown}."));
        }

        CheckWorkloadIdentity(update, cluster);
    }

    /// <summary>Changes the cluster.</summary>
    /// <returns>Whether anything changed.</returns>
    public static bool Apply(JsonObject update, GkeCluster cluster)
    {
        var before = cluster.Content.ToJsonString();
        foreach (var (name, value) in update)
        {
            var field = FieldOf(name) ?? throw new InvalidOperationException($"{name} was not checked.");
            if (name == "desiredWorkloadIdentityConfig" && value?["workloadPool"]?.GetValue<string>() is null or "")
            {
                cluster.Content.Remove(field);
            }
            else if (value is JsonObject given && cluster.Content[field] is JsonObject found && name == "desiredControlPlaneEndpointsConfig")
            {
                Merge(found, given);
            }
            else
            {
                cluster.Content[field] = value?.DeepClone();
            }
        }

        Mirror(update, cluster.Content);
        return cluster.Content.ToJsonString() != before;
    }

    private static void CheckWorkloadIdentity(JsonObject update, GkeCluster cluster)
    {
        if (update["desiredWorkloadIdentityConfig"] is not JsonObject wanted)
        {
            return;
        }

        var pool = wanted["workloadPool"]?.GetValue<string>() ?? "";
        if (cluster.IsAutopilot)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("Workload Identity can't be changed on Autopilot clusters: it is always on."));
        }

        if (pool.Length > 0 && pool != $"{cluster.Project}.svc.id.goog")
        {
            throw new GoogleFailure(GoogleErrors.Invalid($"Currently, the only supported identity pool is the identity pool corresponding to the cluster's GCP project: {cluster.Project}.svc.id.goog."));
        }

        var usesGkeMetadata = (cluster.Content["nodePools"] as JsonArray ?? [])
            .Any(each => each?["config"]?["workloadMetadataConfig"]?["mode"]?.GetValue<string>() == "GKE_METADATA");
        if (pool.Length == 0 && usesGkeMetadata)
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "FAILED_PRECONDITION", "Workload Identity can't be disabled while node pools use GKE_METADATA: change their workload metadata mode first."));
        }
    }

    // desiredLoggingService → loggingService: most fields of an update are called like what they change.
    private static string? FieldOf(string name)
    {
        var field = name switch
        {
            "desiredMasterVersion" => "currentMasterVersion",
            "desiredDefaultEnablePrivateNodes" or "desiredNodePoolId" or "desiredNodeVersion" => "",
            _ when name.StartsWith(Prefix, StringComparison.Ordinal) => char.ToLowerInvariant(name[Prefix.Length]) + name[(Prefix.Length + 1)..],
            _ => "",
        };
        return ApiSchemas.Of("container").Message("Cluster").Find(field) is null ? null : field;
    }

    // Authorised networks and global access stand in two places: the old one and the new one.
    private static void Mirror(JsonObject update, JsonObject content)
    {
        if (content["controlPlaneEndpointsConfig"]?["ipEndpointsConfig"] is not JsonObject endpoints)
        {
            return;
        }

        if (endpoints["globalAccess"] is { } global && content["privateClusterConfig"] is JsonObject config)
        {
            config["masterGlobalAccessConfig"] = new JsonObject { ["enabled"] = global.DeepClone() };
        }

        if (update["desiredMasterAuthorizedNetworksConfig"] is { } older)
        {
            endpoints["authorizedNetworksConfig"] = older.DeepClone();
        }
        else if (update["desiredControlPlaneEndpointsConfig"]?["ipEndpointsConfig"]?["authorizedNetworksConfig"] is { } newer)
        {
            content["masterAuthorizedNetworksConfig"] = newer.DeepClone();
        }
    }

    private static void Merge(JsonObject found, JsonObject given)
    {
        foreach (var (name, value) in given)
        {
            if (value is JsonObject inner && found[name] is JsonObject at)
            {
                Merge(at, inner);
            }
            else
            {
                found[name] = value?.DeepClone();
            }
        }
    }
}
