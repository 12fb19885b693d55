using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>One turn under way: what it takes in. Its token tells its answer from that of an earlier delivery.</summary>
/// <param name="Token">The completion token.</param>
/// <param name="Run">The instance's run.</param>
/// <param name="Taken">What it takes from the inbox, events that concern nothing any more included.</param>
/// <param name="NewEvents">What the worker sees as new.</param>
internal sealed record Turn(string Token, RunId Run, IReadOnlyList<InboxEvent> Taken, IReadOnlyList<HistoryEvent> NewEvents)
{
    /// <summary>Whether an event that it takes could not be stored: nothing may follow from it.</summary>
    public bool HasLost => Taken.Any(arrived => arrived.IsLost);

    /// <summary>Set while its outcome is being stored: nothing else may end the instance then.</summary>
    public bool IsCommitting { get; set; }
}
