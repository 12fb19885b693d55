namespace MeshWorkflow.Workflows.Requests;

/// <summary>A valid request: what is to be installed where.</summary>
/// <param name="Name">The rollout's name.</param>
/// <param name="FleetProject">The fleet's project.</param>
/// <param name="Clusters">The clusters, in the order of their turn.</param>
public sealed record FleetInstallRequest(string Name, string FleetProject, IReadOnlyList<ClusterRef> Clusters);
