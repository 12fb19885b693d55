using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>
/// How long ended workflow instances are kept (daprd's <c>stateRetentionPolicy</c>). The time counts from the instance's end, under
/// the policy that holds then. Null: for ever.
/// </summary>
public sealed record WorkflowRetention
{
    /// <summary>Keeps all for ever, as daprd does without a policy.</summary>
    public static WorkflowRetention Forever { get; } = new();

    /// <summary>For every end that has no time of its own below.</summary>
    public TimeSpan? AnyTerminal { get; init; }

    /// <summary>For completed instances.</summary>
    public TimeSpan? Completed { get; init; }

    /// <summary>For failed instances.</summary>
    public TimeSpan? Failed { get; init; }

    /// <summary>For terminated instances.</summary>
    public TimeSpan? Terminated { get; init; }

    internal DateTimeOffset? PurgeAt(OrchestrationStatus status, DateTimeOffset now)
    {
        var time = status switch
        {
            OrchestrationStatus.Completed => Completed ?? AnyTerminal,
            OrchestrationStatus.Failed => Failed ?? AnyTerminal,
            OrchestrationStatus.Terminated or OrchestrationStatus.Canceled => Terminated ?? AnyTerminal,
            _ => null,
        };
        return time is { } kept ? now + kept : null;
    }
}
