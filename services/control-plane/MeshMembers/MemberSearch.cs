using MeshWorkflow.GoogleCloud;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.MeshMembers;

/// <summary>
/// Looks for clusters in a mesh, whoever put them there: those of a project, and for a fleet's project those of its members' projects,
/// and its members that are not on Google Cloud, too. What can't be seen is unknown, never absent.
/// </summary>
internal sealed class MemberSearch(HubApi hub, ContainerApi container, ResourceManagerApi projects)
{
    private const string Label = "mesh_id";

    public async Task<Outcome> CheckAsync(MeshMembersRequest request, CancellationToken cancellationToken)
    {
        var member = request.Project == request.FleetProject
            ? await OfFleetAsync(request.FleetProject, cancellationToken)
            : await OfProjectAsync(request.Project, label => label.StartsWith("proj-", StringComparison.Ordinal), cancellationToken);
        return member is null ? Outcomes.Done() : Outcomes.Conflict(member, $"{member} is still in a mesh, and no rollout says so.");
    }

    private async Task<string?> OfFleetAsync(string fleet, CancellationToken cancellationToken)
    {
        var wanted = $"proj-{(await projects.GetProjectAsync(fleet, cancellationToken)).ProjectNumber}";
        var members = await hub.ListMembershipsAsync(fleet, cancellationToken);
        if (members.Unreachable is { Count: > 0 } locations)
        {
            throw new WaitException($"memberships in {string.Join(", ", locations)} can't be read");
        }

        var elsewhere = (members.Resources ?? []).FirstOrDefault(member =>
            member.Endpoint?.GkeCluster is null && member.Labels?.GetValueOrDefault(Label) == wanted);
        if (elsewhere is not null)
        {
            return $"//gkehub.googleapis.com/{elsewhere.Name}";
        }

        var links = (members.Resources ?? []).Select(member => member.Endpoint?.GkeCluster?.ResourceLink).OfType<string>().ToLookup(ProjectOf);
        foreach (var project in links.Select(group => group.Key).Append(fleet).Distinct(StringComparer.Ordinal))
        {
            try
            {
                if (await OfProjectAsync(project, label => label == wanted, cancellationToken) is { } member)
                {
                    return member;
                }
            }
            catch (GoogleCallException exception) when (exception.Status == "PERMISSION_DENIED" && !exception.IsPassing && links.Contains(project))
            {
                // A member that can't be looked at may be in the mesh.
                return links[project].First();
            }
        }

        return null;
    }

    private async Task<string?> OfProjectAsync(string project, Func<string, bool> isMesh, CancellationToken cancellationToken)
    {
        var clusters = await container.ListClustersAsync(project, cancellationToken);
        var member = (clusters.Clusters ?? []).FirstOrDefault(cluster => cluster.ResourceLabels?.GetValueOrDefault(Label) is { } label && isMesh(label));
        if (member is null && clusters.MissingZones is { Count: > 0 } zones)
        {
            throw new WaitException($"clusters of {project} in {string.Join(", ", zones)} can't be read");
        }

        return member is null ? null : new ClusterName(project, member.Location, member.Name).ResourceName;
    }

    private static string ProjectOf(string link) => link.Split('/') is [_, _, _, "projects", var project, ..] ? project : "";
}
