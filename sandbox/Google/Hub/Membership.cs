using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Container;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>A cluster's membership in a fleet.</summary>
/// <param name="fleet">The fleet's project.</param>
/// <param name="location">Its region, or <c>global</c>.</param>
/// <param name="id">Its short name.</param>
/// <param name="cluster">The cluster, if it is one of this world.</param>
/// <param name="link">What it says that its cluster is.</param>
internal sealed class Membership(Projects.ProjectState fleet, string location, string id, GkeCluster? cluster, string? link)
{
    public Projects.ProjectState Fleet { get; } = fleet;

    public string Location { get; } = location;

    public string RelativeName { get; } = $"projects/{fleet.Id}/locations/{location}/memberships/{id}";

    public string ResourceName => $"//gkehub.googleapis.com/{RelativeName}";

    /// <summary>The same name, as a cluster tells it.</summary>
    public string NumberedName { get; } = $"projects/{fleet.NumberText}/locations/{location}/memberships/{id}";

    public GkeCluster? Cluster { get; } = cluster;

    public string? Link { get; } = link;

    public string State { get; set; } = "CREATING";

    public JsonObject? Labels { get; set; }

    public string? Issuer { get; set; }

    public string? ExternalId { get; set; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; set; }

    public required string UniqueId { get; init; }

    public JsonObject Show()
    {
        var shown = new JsonObject { ["name"] = RelativeName };
        if (Labels is { Count: > 0 })
        {
            shown["labels"] = Labels.DeepClone();
        }

        if (Link is not null)
        {
            shown["endpoint"] = new JsonObject { ["gkeCluster"] = new JsonObject { ["resourceLink"] = Link } };
        }

        shown["state"] = new JsonObject { ["code"] = State };
        if (Issuer is not null)
        {
            shown["authority"] = new JsonObject
            {
                ["issuer"] = Issuer,
                ["workloadIdentityPool"] = $"{Fleet.Id}.svc.id.goog",
                ["identityProvider"] = Issuer,
            };
        }

        if (ExternalId is not null)
        {
            shown["externalId"] = ExternalId;
        }

        shown["createTime"] = Times.Text(Created);
        shown["updateTime"] = Times.Text(Updated);
        shown["uniqueId"] = UniqueId;
        if (Cluster is not null)
        {
            shown["monitoringConfig"] = new JsonObject
            {
                ["projectId"] = Cluster.Project,
                ["location"] = Cluster.Location,
                ["cluster"] = Cluster.Name,
                ["kubernetesMetricsPrefix"] = "kubernetes.io",
            };
        }

        return shown;
    }
}
