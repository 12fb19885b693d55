using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.FleetMembership;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>
/// One fleet: the cluster is in no other, and no other cluster of its project is. All memberships of the fleet and of the cluster's
/// project are read, and all clusters of that project; once for all clusters of them.
/// </summary>
internal sealed class FleetChecks(Memberships memberships, ContainerApi container, Projects projects, ScopeReads reads)
{
    public async Task<IReadOnlyList<PreflightCheck>> RunAsync(PreflightRequest request, Cluster cluster, CancellationToken cancellationToken)
    {
        var fleet = await projects.GetAsync(request.Facts.FleetProject, cancellationToken);
        var here = await memberships.ListAsync(request.Facts.FleetProject, cancellationToken);
        var target = request.Cluster.ToTarget();
        var checks = new List<PreflightCheck>();
        if (!target.IsElsewhere)
        {
            checks.Add(await OneFleetAsync(request, fleet, cancellationToken));
        }

        var member = here.Resources?.FirstOrDefault(one => target.IsElsewhere
            ? one.Name == target.Membership.RelativeName
            : one.Endpoint?.GkeCluster?.ResourceLink == target.Name.ResourceName);
        if (member is not null)
        {
            checks.Add(Checks.ClusterRegistered.Pass($"{target} is a member of the fleet of {request.Facts.FleetProject}."));
        }
        else if (here.Unreachable is not { Count: > 0 })
        {
            checks.Add(Checks.ClusterNotRegistered.Missing(
                request.Facts, "fleet-membership", $"{target} is not registered in the fleet of {request.Facts.FleetProject}."));
        }

        checks.Add(MeshId(request, fleet, target.IsElsewhere ? member?.Labels : cluster.ResourceLabels));
        return checks;
    }

    private static PreflightCheck MeshId(PreflightRequest request, Project fleet, Dictionary<string, string>? labels)
    {
        var wanted = $"proj-{fleet.ProjectNumber}";
        var target = request.Cluster.ToTarget();
        return labels?.GetValueOrDefault("mesh_id") switch
        {
            null => Checks.MeshIdMissing.Missing(request.Facts, "mesh-id", $"{target} lacks the label mesh_id={wanted}."),
            var live when live == wanted => Checks.MeshId.Pass($"{target} has the label mesh_id={wanted}."),
            var live => Checks.MeshIdDiffers.Refuse($"{target} belongs to the mesh '{live}' by its label mesh_id; the fleet's mesh is '{wanted}'."),
        };
    }

    private async Task<PreflightCheck> OneFleetAsync(PreflightRequest request, Project fleet, CancellationToken cancellationToken)
    {
        var project = request.Cluster.Project;
        var clusters = await reads.GetAsync($"clusters/{project}", token => container.ListClustersAsync(project, token), cancellationToken);
        var offenders = (clusters.Clusters ?? [])
            .Where(member => member.Fleet?.Membership is { Length: > 0 } membership && !IsIn(fleet, membership))
            .Select(member => $"{member.Location}/{member.Name} ({member.Fleet?.Membership})")
            .ToHashSet(StringComparer.Ordinal);
        var missing = clusters.MissingZones ?? [];
        if (project != request.Facts.FleetProject)
        {
            var own = await memberships.ListAsync(project, cancellationToken);
            offenders.UnionWith((own.Resources ?? [])
                .Where(member => member.Endpoint?.GkeCluster?.ResourceLink?.StartsWith($"//container.googleapis.com/projects/{project}/", StringComparison.Ordinal) is true)
                .Select(member => $"{Short(member)} (//gkehub.googleapis.com/{member.Name})"));
            missing = [.. missing, .. own.Unreachable ?? []];
        }

        if (offenders.Count > 0)
        {
            return Checks.OtherFleet.Refuse(
                $"All clusters of {project} must be in the fleet of {request.Facts.FleetProject}; these are in another: {string.Join(", ", offenders.Order(StringComparer.Ordinal))}.");
        }

        return missing.Count > 0
            ? Checks.OneFleet.Unknown($"Clusters of {project} in {string.Join(", ", missing)} can't be read; they may be in another fleet.")
            : Checks.OneFleet.Pass($"No cluster of {project} is in another fleet than that of {request.Facts.FleetProject}.");
    }

    private static string Short(Membership member) =>
        member.Endpoint?.GkeCluster?.ResourceLink?.Split('/') is [.., "locations", var location, "clusters", var name] ? $"{location}/{name}" : member.Name ?? "";

    private static bool IsIn(Project fleet, string membership) =>
        MembershipName.Parse(membership)?.Fleet is { } project && (project == fleet.ProjectId || project == fleet.ProjectNumber);
}
