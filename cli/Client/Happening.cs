using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Cli.Client;

/// <summary>What whoever follows a rollout is told.</summary>
internal abstract record Happening
{
    /// <summary>A call of a step has ended, or a cluster's state has changed. Each is told once.</summary>
    /// <param name="Event">Which.</param>
    internal sealed record Step(RolloutEvent Event) : Happening;

    /// <summary>How a stage stands.</summary>
    /// <param name="Document">The stage.</param>
    internal sealed record Stage(StageDocument Document) : Happening;

    /// <summary>How the rollout stands.</summary>
    /// <param name="Document">The rollout.</param>
    internal sealed record Rollout(RolloutDocument Document) : Happening;

    /// <summary>The API does not answer; it is tried again.</summary>
    /// <param name="Why">What went wrong.</param>
    internal sealed record Lost(string Why) : Happening;
}
