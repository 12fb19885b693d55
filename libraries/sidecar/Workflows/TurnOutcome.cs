using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What a turn leads to, before any of it is stored or visible.</summary>
internal sealed class TurnOutcome
{
    /// <summary>This far in the future stands for "never": such a timer only marks an event wait without end.</summary>
    public const long NeverSeconds = 253402300799;

    /// <summary>What the history grows by, the turn's new events first.</summary>
    public List<HistoryEvent> Events { get; } = [];

    /// <summary>Activities to run, by the app that runs them.</summary>
    public List<(string App, ActivityRequest Request)> Activities { get; } = [];

    public List<TimerCreated> Timers { get; } = [];

    public List<ChildStart> Children { get; } = [];

    /// <summary>Events for other instances.</summary>
    public List<(InstanceKey Receiver, HistoryEvent Event)> Sent { get; } = [];

    /// <summary>How the instance ends, or null: it goes on.</summary>
    public ExecutionCompletedEvent? End { get; set; }

    /// <summary>How it continues as new, or null.</summary>
    public NextRun? Renewal { get; set; }

    public OrchestrationStatus Status { get; set; }

    public string? CustomStatus { get; set; }

    /// <summary>Adds a timer, unless it is one that never fires.</summary>
    public void AddTimer(int id, Timestamp fireAt)
    {
        if (fireAt.Seconds < NeverSeconds)
        {
            var fired = new HistoryEvent { EventId = -1, TimerFired = new TimerFiredEvent { TimerId = id, FireAt = fireAt } };
            Timers.Add(new TimerCreated(id, fireAt.ToDateTimeOffset(), fired));
        }
    }

    /// <summary>A timer that the turn made.</summary>
    internal sealed record TimerCreated(int Id, DateTimeOffset FireAt, HistoryEvent Fired);

    /// <summary>A child that the turn started.</summary>
    internal sealed record ChildStart(int Id, InstanceKey Key, HistoryEvent Started);

    /// <summary>The next run of an instance that continues as new.</summary>
    internal sealed record NextRun(HistoryEvent Started, IReadOnlyList<HistoryEvent> Carried);
}
