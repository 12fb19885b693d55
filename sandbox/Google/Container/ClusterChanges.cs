using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Hub;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>Changes of clusters: one at a time on each, and each takes an operation.</summary>
internal sealed class ClusterChanges(ContainerOperations operations, FleetRegistration fleets)
{
    public Answer SetLabels(GoogleRequest request, GkeCluster cluster)
    {
        if (request.Body["labelFingerprint"]?.GetValue<string>() is not { Length: > 0 } fingerprint)
        {
            return GoogleErrors.Invalid("label_fingerprint", "Label fingerprint must be set.");
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Body["resourceLabels"] as JsonObject ?? [])
        {
            labels[name] = value?.GetValue<string>() ?? "";
        }

        if (ClusterLabels.Refuse(labels) is { } reason)
        {
            return GoogleErrors.Invalid("resource_labels", reason);
        }

        RefuseBusy(cluster);
        if (fingerprint != cluster.LabelFingerprint)
        {
            return GoogleErrors.Of(
                "FAILED_PRECONDITION",
                $"Labels could not be set due to fingerprint mismatch; try again with the proper fingerprint: incorrect fingerprint supplied was \"{fingerprint}\", the expected one is \"{cluster.LabelFingerprint}\".");
        }

        return Begin(request, cluster, effects =>
        {
            if (!cluster.Labels.SequenceEqual(labels))
            {
                cluster.Labels = labels;
                effects.Add($"updated {cluster.ResourceName}");
            }
        });
    }

    public Answer Update(GoogleRequest request, GkeCluster cluster)
    {
        var update = request.Body["update"]?.DeepClone() as JsonObject ?? [];
        var etag = update["etag"]?.GetValue<string>();
        update.Remove("etag");
        ClusterUpdates.Check(update, cluster);
        RefuseBusy(cluster);
        if (!string.IsNullOrEmpty(etag) && etag != cluster.Etag)
        {
            return GoogleErrors.Of("ABORTED", "The etag does not match the current etag of the cluster.");
        }

        if (cluster.Status != "RUNNING")
        {
            return GoogleErrors.Of("FAILED_PRECONDITION", $"Cluster {cluster.Name} has status {cluster.Status}; it must be RUNNING to be updated.");
        }

        if (update["desiredFleet"] is JsonObject fleet)
        {
            fleets.Check(request, cluster, fleet);
        }

        cluster.Status = "RECONCILING";
        return Begin(
            request,
            cluster,
            effects =>
            {
                cluster.Status = "RUNNING";
                if (update["desiredFleet"] is JsonObject wanted)
                {
                    fleets.Change(cluster, wanted, effects);
                }
                else if (ClusterUpdates.Apply(update, cluster))
                {
                    effects.Add($"updated {cluster.ResourceName}");
                }
            },
            () => cluster.Status = "RUNNING");
    }

    public Answer UpdatePool(GoogleRequest request, GkeCluster cluster, JsonObject pool)
    {
        var given = request.Body.Select(field => field.Key).Where(field => field is not ("name" or "projectId" or "zone" or "clusterId" or "nodePoolId" or "etag")).ToList();
        if (given is not ["workloadMetadataConfig"])
        {
            return GoogleErrors.Of("UNIMPLEMENTED", $"This sandbox updates only the workloadMetadataConfig of node pools, not {string.Join(", ", given)}.");
        }

        var mode = request.Body["workloadMetadataConfig"]?["mode"]?.GetValue<string>();
        if (mode == "GKE_METADATA" && cluster.Content["workloadIdentityConfig"] is null)
        {
            return GoogleErrors.Of("FAILED_PRECONDITION", "GKE_METADATA needs workload identity on the cluster.");
        }

        RefuseBusy(cluster);
        return Begin(request, cluster, effects =>
        {
            if (pool["config"] is JsonObject config)
            {
                config["workloadMetadataConfig"] = request.Body["workloadMetadataConfig"]?.DeepClone();
                effects.Add($"updated {cluster.ResourceName}");
            }
        });
    }

    private Answer Begin(GoogleRequest request, GkeCluster cluster, Action<List<string>> change, Action? undo = null)
    {
        var start = new OperationStart("", $"{operations.Base.NewId()}", cluster.ResourceName, "UPDATE_CLUSTER") { Undo = undo ?? (() => { }) };
        var operation = operations.Base.Begin(request.Call, start, effects =>
        {
            if (cluster.Quirks.Contains(WorldQuirks.UpdatesFail))
            {
                undo?.Invoke();
                return new OperationEnd(Code: "RESOURCE_EXHAUSTED", Message: "Google Compute Engine: Quota exceeded.");
            }

            change(effects);
            return new OperationEnd();
        });
        return new Answer(200, operations.Show(operation));
    }

    private void RefuseBusy(GkeCluster cluster)
    {
        if (operations.Base.RunningOn(cluster.ResourceName) is { } running)
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "FAILED_PRECONDITION",
                $"Cluster is running incompatible operation {running.Id}.",
                GoogleErrors.ErrorInfo("CLUSTER_ALREADY_HAS_OPERATION", "container.googleapis.com")));
        }
    }
}
