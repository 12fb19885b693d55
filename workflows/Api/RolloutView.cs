using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Workflows.Api;

/// <summary>A rollout and its clusters.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Clusters">Its clusters, in the order of the request.</param>
internal sealed record RolloutView(RolloutDocument Rollout, IReadOnlyList<ScopeDocument> Clusters)
{
    /// <summary>Its stages in their order.</summary>
    public IReadOnlyList<StageDocument> Stages { get; init; } = [];

    /// <summary>What its clusters share, as far as it was begun.</summary>
    public IReadOnlyList<ScopeDocument> Scopes { get; init; } = [];

    /// <summary>What people want of it.</summary>
    public ControlDocument? Control { get; init; }
}

/// <summary>Rollouts, newest first.</summary>
/// <param name="Rollouts">The rollouts.</param>
internal sealed record RolloutList(IReadOnlyList<RolloutDocument> Rollouts);
