using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Container;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>A cluster's membership in a fleet.</summary>
/// <param name="fleet">The fleet's project.</param>
/// <param name="location">Its region, or <c>global</c>.</param>
/// <param name="id">Its short name.</param>
/// <param name="cluster">The cluster, if it is a GKE cluster.</param>
/// <param name="content">What people wrote.</param>
internal sealed class Membership(ProjectState fleet, string location, string id, GkeCluster? cluster, JsonObject content)
{
    public const string Ready = "READY";

    public ProjectState Fleet { get; } = fleet;

    public string Location { get; } = location;

    public string Id { get; } = id;

    public string RelativeName { get; } = $"projects/{fleet.Id}/locations/{location}/memberships/{id}";

    public string ResourceName => $"//gkehub.googleapis.com/{RelativeName}";

    /// <summary>The same name, as clusters and features tell it.</summary>
    public string NumberedName { get; } = $"projects/{fleet.NumberText}/locations/{location}/memberships/{id}";

    public GkeCluster? Cluster { get; } = cluster;

    public JsonObject Content { get; } = content;

    public string State { get; set; } = "CREATING";

    public string? Issuer => Content["authority"]?["issuer"]?.GetValue<string>();

    /// <summary>The pool of its workloads' identities; null: it has no fleet workload identity.</summary>
    public string? WorkloadPool => Issuer is null ? null : $"{Fleet.Id}.svc.id.goog";

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; set; }

    public required string UniqueId { get; init; }

    public JsonObject Show()
    {
        var shown = new JsonObject { ["name"] = RelativeName };
        foreach (var (field, value) in Content)
        {
            shown[field] = value?.DeepClone();
        }

        shown["state"] = new JsonObject { ["code"] = State };
        shown["createTime"] = Times.Text(Created);
        shown["updateTime"] = Times.Text(Updated);
        shown["uniqueId"] = UniqueId;
        ShowAuthority(shown);
        ShowCluster(shown);
        return shown;
    }

    /// <summary>What the hub writes of it into the cluster.</summary>
    public JsonObject ShowInCluster() => new()
    {
        ["identity_provider"] = Issuer is null ? "" : Cluster?.Issuer ?? "",
        ["owner"] = new JsonObject { ["id"] = ResourceName },
        ["workload_identity_pool"] = WorkloadPool ?? "",
    };

    private void ShowAuthority(JsonObject shown)
    {
        if (WorkloadPool is { } pool && shown["authority"] is JsonObject authority)
        {
            authority["workloadIdentityPool"] = pool;
            authority["identityProvider"] = Cluster?.Issuer ?? $"https://gkehub.googleapis.com/{RelativeName}";
        }
    }

    private void ShowCluster(JsonObject shown)
    {
        if (Cluster is null)
        {
            return;
        }

        var nodes = (Cluster.Content["nodePools"] as JsonArray ?? []).Sum(pool => pool?["initialNodeCount"]?.GetValue<int>() ?? 0);
        if (shown["endpoint"] is JsonObject endpoint)
        {
            endpoint["kubernetesMetadata"] = new JsonObject
            {
                ["kubernetesApiServerVersion"] = $"v{Cluster.Content["currentMasterVersion"]?.GetValue<string>()}",
                ["nodeCount"] = nodes,
                ["vcpuCount"] = nodes * 4,
                ["memoryMb"] = nodes * 16050,
                ["updateTime"] = Times.Seconds(Updated),
            };
        }

        shown["monitoringConfig"] ??= new JsonObject
        {
            ["projectId"] = Cluster.Project,
            ["location"] = Cluster.Location,
            ["cluster"] = Cluster.Name,
            ["kubernetesMetricsPrefix"] = "kubernetes.io",
            ["clusterHash"] = Cluster.Id,
        };
    }
}
