using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>Saves all memberships, and puts them back.</summary>
/// <param name="memberships">The memberships.</param>
/// <param name="projects">Where their fleets are found again.</param>
/// <param name="clusters">Where their clusters are found again.</param>
internal sealed class SavedMemberships(Memberships memberships, Projects projects, IReadOnlyList<GkeCluster> clusters) : ISavedPart
{
    public string SavedAs => "memberships";

    public JsonNode Save() => SavedJson.Write(memberships.All.Select(membership => new SavedMembership(
        membership.Fleet.Id,
        membership.Location,
        membership.Id,
        membership.Cluster?.RelativeName,
        membership.Content,
        membership.State,
        membership.Created,
        membership.Updated,
        membership.UniqueId)));

    public Action Read(JsonNode saved)
    {
        var restored = SavedJson.Read<IReadOnlyList<SavedMembership>>(saved).Select(Restored).ToList();
        return () => memberships.Replace(restored);
    }

    private Membership Restored(SavedMembership saved)
    {
        var fleet = projects.Find(saved.Fleet) ?? throw new JsonException($"Membership {saved.Id} is in the fleet of a project {saved.Fleet} that is not there.");
        var cluster = saved.Cluster is null
            ? null
            : clusters.FirstOrDefault(cluster => cluster.RelativeName == saved.Cluster)
                ?? throw new JsonException($"Membership {saved.Id} is of a cluster {saved.Cluster} that is not there.");
        return new Membership(fleet, saved.Location, saved.Id, cluster, saved.Content)
        {
            State = saved.State,
            Created = saved.Created,
            Updated = saved.Updated,
            UniqueId = saved.UniqueId,
        };
    }

    private sealed record SavedMembership(
        string Fleet,
        string Location,
        string Id,
        string? Cluster,
        JsonObject Content,
        string State,
        DateTimeOffset Created,
        DateTimeOffset Updated,
        string UniqueId);
}
