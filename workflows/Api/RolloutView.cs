using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Workflows.Api;

/// <summary>A rollout and its clusters.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Clusters">Its clusters, in the order of the request.</param>
internal sealed record RolloutView(RolloutDocument Rollout, IReadOnlyList<ClusterDocument> Clusters);

/// <summary>Rollouts, newest first.</summary>
/// <param name="Rollouts">The rollouts.</param>
internal sealed record RolloutList(IReadOnlyList<RolloutDocument> Rollouts);
