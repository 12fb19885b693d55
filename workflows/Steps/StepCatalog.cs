using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The steps of rollouts, in the order of their turn. An undo goes the other way.</summary>
internal static class StepCatalog
{
    // What a cluster needs before a mesh is installed.
    private static readonly string[] Enabling =
        ["workload-identity", "logging-monitoring", "fleet-membership", "mesh-id", "cluster-admin-binding", "mesh-namespace"];

    /// <summary>What is done once for a project: roles before what needs them, accounts of APIs after their APIs.</summary>
    public static IReadOnlyList<StepDefinition> OfProjects { get; } = [.. Iam.Steps, .. Certificates.Steps];

    /// <summary>What is done on every cluster: the runbook. What istiod signs with is there before istiod.</summary>
    public static IEnumerable<StepDefinition> OfClusters(FleetInstallRequest request) =>
    [
        .. ControlPlane.Steps.TakeWhile(step => step.Name != ControlPlane.Istiod),
        .. Certificates.OfClusters,
        .. ControlPlane.Steps.SkipWhile(step => step.Name != ControlPlane.Istiod),
        .. Gateway.StepsFor(request),
    ];

    /// <summary>The steps that a request wants in a scope.</summary>
    public static IEnumerable<StepDefinition> Wanted(FleetInstallRequest request, StepScope scope) =>
        OfKind(request, scope.Kind)
            .Where(step => scope.IsShared || !request.OnlyEnable || Enabling.Contains(step.Name.Step))
            .Where(step => step.SpecOf(request, scope) is not null);

    /// <summary>The steps that have run before the first of a scope: those of what it needs.</summary>
    public static IEnumerable<string> Before(StepScope scope) => scope.Kind switch
    {
        ScopeKind.Project => [],
        ScopeKind.Cluster => OfProjects.Concat(Certificates.OfAuthorities).Select(step => step.Name.Step),
        _ => OfProjects.Select(step => step.Name.Step),
    };

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static StepDefinition Find(FleetInstallRequest request, string app, string step) =>
        OfProjects.Concat(Certificates.OfAuthorities).Concat(OfClusters(request)).FirstOrDefault(known => known.Name.App == app && known.Name.Step == step)
        ?? throw new InvalidOperationException($"No rollout has a step '{step}' of '{app}'.");

    /// <summary>What clusters of a request share: the fleet's project first, then those of clusters and networks, then what signs for them.</summary>
    public static IReadOnlyList<StepScope> ScopesOf(FleetInstallRequest request) =>
    [
        .. request.Clusters.Select(cluster => cluster.Project)
            .Prepend(request.FleetProject)
            .Concat(request.NetworkProjects)
            .Concat(Certificates.ProjectsOf(request))
            .Distinct(StringComparer.Ordinal)
            .Select(StepScope.Project)
            .Concat(request.Clusters.SelectMany(cluster => Certificates.ScopesOf(request, cluster)).Distinct())
            .Where(scope => Wanted(request, scope).Any()),
    ];

    /// <summary>Of that, what one cluster needs.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="network">The project of its network, as far as the rollout has to do with it.</param>
    public static IEnumerable<StepScope> ScopesOf(FleetInstallRequest request, ClusterRef cluster, string? network)
    {
        var authorities = Certificates.ScopesOf(request, cluster).ToList();
        return new[] { request.FleetProject, cluster.Project, network ?? cluster.Project }
            .Concat(authorities.Select(Certificates.ProjectOf))
            .Select(StepScope.Project)
            .Concat(authorities);
    }

    private static IEnumerable<StepDefinition> OfKind(FleetInstallRequest request, ScopeKind kind) => kind switch
    {
        ScopeKind.Cluster => OfClusters(request),
        ScopeKind.Project => OfProjects,
        _ => Certificates.OfAuthorities,
    };
}
