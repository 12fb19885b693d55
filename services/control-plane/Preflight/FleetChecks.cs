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
        var checks = new List<PreflightCheck> { await OneFleetAsync(request, fleet, cancellationToken) };
        var link = request.Cluster.ToName().ResourceName;
        var isMember = here.Resources?.Any(member => member.Endpoint?.GkeCluster?.ResourceLink == link) is true;
        if (!isMember && here.Unreachable is not { Count: > 0 })
        {
            checks.Add(Verdicts.Missing(
                request.Facts,
                "fleet-membership",
                "CLUSTER_NOT_REGISTERED",
                $"{request.Cluster.ToName()} is not registered in the fleet of {request.Facts.FleetProject}.",
                "Register it, or let the rollout do it: --enable_registration (or --enable_all)."));
        }

        checks.Add(MeshId(request, fleet, cluster));
        return checks;
    }

    private static PreflightCheck MeshId(PreflightRequest request, Project fleet, Cluster cluster)
    {
        var wanted = $"proj-{fleet.ProjectNumber}";
        return cluster.ResourceLabels?.GetValueOrDefault("mesh_id") switch
        {
            null => Verdicts.Missing(
                request.Facts,
                "mesh-id",
                "MESH_ID_MISSING",
                $"{request.Cluster.ToName()} lacks the label mesh_id={wanted}.",
                "Set it, or let the rollout do it: --enable_cluster_labels (or --enable_all)."),
            var live when live == wanted => Verdicts.Pass("MESH_ID", $"{request.Cluster.ToName()} has the label mesh_id={wanted}."),
            var live => Verdicts.Refuse(
                "MESH_ID_DIFFERS",
                $"{request.Cluster.ToName()} belongs to the mesh '{live}' by its label mesh_id; the fleet's mesh is '{wanted}'.",
                "Take the cluster out of that mesh and remove the label, or use that mesh's fleet."),
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
            return Verdicts.Refuse(
                "OTHER_FLEET",
                $"All clusters of {project} must be in the fleet of {request.Facts.FleetProject}; these are in another: {string.Join(", ", offenders.Order(StringComparer.Ordinal))}.",
                "Unregister them there, or use that fleet.",
                "https://cloud.google.com/service-mesh/docs/unified-install/prerequisites");
        }

        return missing.Count > 0
            ? Verdicts.Unknown("ONE_FLEET", $"Clusters of {project} in {string.Join(", ", missing)} can't be read; they may be in another fleet.")
            : Verdicts.Pass("ONE_FLEET", $"No cluster of {project} is in another fleet than that of {request.Facts.FleetProject}.");
    }

    private static string Short(Membership member) =>
        member.Endpoint?.GkeCluster?.ResourceLink?.Split('/') is [.., "locations", var location, "clusters", var name] ? $"{location}/{name}" : member.Name ?? "";

    private static bool IsIn(Project fleet, string membership) =>
        MembershipName.Parse(membership)?.Fleet is { } project && (project == fleet.ProjectId || project == fleet.ProjectNumber);
}
