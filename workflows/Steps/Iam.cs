using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The steps of the service <c>iam</c>, and what each is to bring about in a project of a request.</summary>
internal static class Iam
{
    public const string AppId = "iam";

    public static IReadOnlyList<StepDefinition> Steps { get; } =
    [
        new(
            new StepName(AppId, "roles"),
            (request, scope) => new RolesSpec
            {
                Project = scope.Name,
                Member = request.Member ?? "",
                Roles = { ProjectRoles.Of(request, scope.Name) },
                CheckOnly = !Allows(request, enable => enable.IamRoles),
            }),
        new(
            new StepName(AppId, "apis"),
            (request, scope) => ApisOf(request, scope.Name).Any()
                ? new ApisSpec
                {
                    Project = scope.Name,
                    Services = { ApisOf(request, scope.Name) },
                    CheckOnly = !Allows(request, enable => enable.Apis),
                    DisableOnUndo = request.Undo.DisableApis,
                }
                : null),
        new(
            new StepName(AppId, "service-identities"),
            (request, scope) => scope.Name == request.FleetProject && request.Clusters.Any(cluster => cluster.Project != request.FleetProject)
                ? new ServiceIdentitiesSpec { FleetProject = request.FleetProject, CheckOnly = !Allows(request, enable => enable.Components) }
                : null),
        new(
            new StepName(AppId, "service-agents"),
            (request, scope) => scope.Name == request.FleetProject || !HasMesh(request, scope) ? null : new ServiceAgentsSpec
            {
                Project = scope.Name,
                FleetProject = request.FleetProject,
                CheckOnly = !Allows(request, enable => enable.IamRoles),
            }),
        new(new StepName(AppId, "mesh-config-initialize"), MeshConfig, IsLong: true),
    ];

    /// <summary>Whether a project is the fleet's or has clusters; else only a network of theirs is in it.</summary>
    public static bool HasMesh(FleetInstallRequest request, StepScope scope) =>
        scope.Name == request.FleetProject || request.Clusters.Any(cluster => cluster.Project == scope.Name);

    public static bool Allows(FleetInstallRequest request, Func<EnableRequest, bool> may) => request.Enable.All || may(request.Enable);

    /// <summary>The workload identity pools that the clusters of a project's mesh use.</summary>
    public static IEnumerable<string> PoolsOf(FleetInstallRequest request, string project)
    {
        string[] fleet = [$"{request.FleetProject}.hub.id.goog", $"{request.FleetProject}.svc.id.goog"];
        return project == request.FleetProject ? fleet : [.. fleet, $"{project}.svc.id.goog"];
    }

    private static MeshConfigInitializeSpec? MeshConfig(FleetInstallRequest request, StepScope scope) => HasMesh(request, scope)
        ? new MeshConfigInitializeSpec
        {
            Project = scope.Name,
            WorkloadIdentityPools = { PoolsOf(request, scope.Name) },
            CheckOnly = !Allows(request, enable => enable.Components || enable.MeshConfig),
        }
        : null;

    /// <summary>The mesh's own API where clusters are; what the fleet's project serves for all of them there.</summary>
    public static IEnumerable<string> ApisOf(FleetInstallRequest request, string project)
    {
        if (request.Clusters.Any(cluster => cluster.Project == project))
        {
            yield return "mesh.googleapis.com";
        }

        if (project == request.FleetProject)
        {
            yield return "gkehub.googleapis.com";
            yield return "meshconfig.googleapis.com";
            if (request.CertificateAuthority.Type is AuthorityType.MeshCa)
            {
                yield return "meshca.googleapis.com";
            }

            if (request.Clusters.Any(cluster => request.DetailOf(cluster).ThroughConnectGateway))
            {
                yield return "connectgateway.googleapis.com";
            }
        }

        if (Certificates.ProjectsOf(request).Contains(project))
        {
            yield return "privateca.googleapis.com";
        }
    }
}

/// <summary>Which roles a rollout works with on which project: those of the document, computed from the request.</summary>
internal static class ProjectRoles
{
    public static IEnumerable<string> Of(FleetInstallRequest request, string project)
    {
        var isFleet = project == request.FleetProject;
        var hasClusters = request.Clusters.Any(cluster => cluster.Project == project);
        var hasGke = request.Clusters.Any(cluster => (isFleet || cluster.Project == project) && !request.IsElsewhere(StepScope.Of(cluster)));
        if (isFleet)
        {
            yield return "roles/gkehub.admin";
            yield return "roles/iam.serviceAccountAdmin";
            yield return "roles/servicemanagement.admin";
            yield return "roles/serviceusage.serviceUsageAdmin";

            // Outside the guide's eight, too: for clusters that are reached through Connect Gateway.
            if (request.Clusters.Any(cluster => request.DetailOf(cluster).ThroughConnectGateway))
            {
                yield return "roles/gkehub.gatewayAdmin";
            }
        }

        if (hasGke)
        {
            yield return "roles/container.admin";
        }

        // The guide has it for the fleet's project; a pool may be in another one, and it is worked on there.
        var pools = Certificates.ProjectsOf(request).ToList();
        if (pools.Contains(project) || (isFleet && pools.Count > 0))
        {
            yield return "roles/privateca.admin";
        }

        if (isFleet || hasClusters)
        {
            yield return "roles/meshconfig.admin";
        }

        // Outside the guide's eight: for the firewall rule that lets a private cluster's API server reach istiod.
        if (request.NetworkProjects.Contains(project))
        {
            yield return "roles/compute.securityAdmin";
        }

        if (hasClusters)
        {
            yield return "roles/resourcemanager.projectIamAdmin";
        }

        // The guide has it for the fleet's project alone, and the mesh's API is enabled where the clusters are, too.
        if (!isFleet && (hasClusters || pools.Contains(project)))
        {
            yield return "roles/serviceusage.serviceUsageAdmin";
        }
    }
}
