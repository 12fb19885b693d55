using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The steps of rollouts, in the order of their turn. An undo goes the other way.</summary>
internal static class StepCatalog
{
    /// <summary>What is done once for a project: roles before what needs them, accounts of APIs after their APIs.</summary>
    public static IReadOnlyList<StepDefinition> OfProjects { get; } = [.. Iam.Steps, .. Certificates.Steps];

    /// <summary>What is done on every cluster: the runbook.</summary>
    public static IEnumerable<StepDefinition> OfClusters(FleetInstallRequest request) => [.. ControlPlane.Steps, .. Gateway.StepsFor(request)];

    /// <summary>The steps that a request wants in a scope.</summary>
    public static IEnumerable<StepDefinition> Wanted(FleetInstallRequest request, StepScope scope) =>
        (scope.IsShared ? OfProjects : OfClusters(request)).Where(step => step.SpecOf(request, scope) is not null);

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static StepDefinition Find(FleetInstallRequest request, string app, string step) =>
        OfProjects.Concat(OfClusters(request)).FirstOrDefault(known => known.Name.App == app && known.Name.Step == step)
        ?? throw new InvalidOperationException($"No rollout has a step '{step}' of '{app}'.");

    /// <summary>The projects whose resources clusters of a request share: the fleet's first.</summary>
    public static IReadOnlyList<StepScope> ScopesOf(FleetInstallRequest request) =>
    [
        .. request.Clusters.Select(cluster => cluster.Project)
            .Prepend(request.FleetProject)
            .Concat(request.NetworkProjects)
            .Distinct(StringComparer.Ordinal)
            .Select(StepScope.Project)
            .Where(scope => Wanted(request, scope).Any()),
    ];
}
