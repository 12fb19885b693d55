using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Google.Hub;

namespace MeshWorkflow.Sandbox.Google.Iam;

/// <summary>
/// The workload identity pools that Google knows. A project's comes with its first cluster that has workload identity, or with the first
/// member of its fleet.
/// </summary>
internal sealed class IdentityPools(IReadOnlyList<GkeCluster> clusters, Memberships memberships)
{
    /// <summary>Whether there is a pool, such as <c>my-project.svc.id.goog</c>.</summary>
    public bool Exists(string pool) =>
        clusters.Any(cluster => cluster.WorkloadPool == pool) || memberships.All.Any(member => member.WorkloadPool == pool);
}
