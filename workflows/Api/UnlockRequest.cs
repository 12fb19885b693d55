using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Api;

/// <summary>How the cluster that is to be unlocked is reached, as a rollout request says it; nothing: by its endpoint, as GKE tells it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record UnlockRequest
{
    private const string Place = "clusters[0].";

    /// <summary>The kubeconfig: a whole path on the machine of the services.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The kubeconfig's context.</summary>
    public string? Context { get; init; }

    /// <summary><c>endpoint</c> or <c>connectGateway</c>.</summary>
    public string? Access { get; init; }

    /// <summary>The HTTPS proxy that leads to the API server.</summary>
    public string? HttpsProxy { get; init; }

    /// <summary>The fleet's project, where the way is Connect Gateway; absent: the cluster's own.</summary>
    public string? Fleet { get; init; }

    /// <summary>Reads the way to a cluster; one in the location <c>global</c> is not on Google Cloud.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="mistakes">Gets what is wrong.</param>
    public ClusterDetail? Read(ClusterRef cluster, ICollection<Mistake> mistakes)
    {
        var item = cluster.Location == ClusterParser.Elsewhere
            ? new JsonObject { ["platform"] = "multicloud", ["name"] = cluster.Name }
            : new JsonObject { ["project"] = cluster.Project, ["location"] = cluster.Location, ["name"] = cluster.Name };
        (string Field, string? Value)[] way = [("kubeconfig", Kubeconfig), ("context", Context), ("access", Access), ("httpsProxy", HttpsProxy)];
        foreach (var (field, value) in way.Where(one => one.Value is not null))
        {
            item[field] = value;
        }

        var found = new List<Mistake>();
        var reader = new RequestReader(new JsonObject { ["clusters"] = new JsonArray(item) }, "", found);
        var detail = ClusterParser.Parse(reader, cluster.Project).SingleOrDefault();
        found.ForEach(mistake => mistakes.Add(mistake with { Path = mistake.Path.Replace(Place, "", StringComparison.Ordinal) }));
        return detail;
    }
}
