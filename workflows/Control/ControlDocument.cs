using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Control;

/// <summary>What people want of a rollout that is under way. Written by the API alone.</summary>
internal sealed record ControlDocument
{
    /// <summary>Grows with every change; the event that tells of it is named for it.</summary>
    public int Version { get; init; }

    public bool IsPaused { get; init; }

    public bool IsCancelled { get; init; }

    /// <summary>Whether the rollout has ended: it heeds no more wishes.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Why it was cancelled, in somebody's words.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    [JsonIgnore]
    public Wish? Wish => this switch
    {
        { IsCancelled: true } => Steps.Wish.Cancel,
        { IsPaused: true } => Steps.Wish.Pause,
        _ => null,
    };

    public bool IsApproved(string stage) => Approvals.Any(approval => approval.Stage == stage);
}

/// <summary>Somebody approved that a rollout goes on after a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="At">When.</param>
/// <param name="By">Who says so; null: not told.</param>
/// <param name="Comment">In their words.</param>
internal sealed record Approval(string Stage, DateTimeOffset At, string? By = null, string? Comment = null);
