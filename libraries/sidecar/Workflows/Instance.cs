using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>
/// One workflow instance in memory. Everything in it is read and changed under <see cref="Gate"/> and says what is on disk:
/// it is changed after a commit, never before. Only the inbox may run ahead, with events that are not durable yet.
/// </summary>
internal sealed class Instance(InstanceKey key, long row, int generation)
{
    private readonly List<InboxEvent> _inbox = [];
    private long _nextPosition = 1;

    public Lock Gate { get; } = new();

    public InstanceKey Key { get; } = key;

    /// <summary>Its key in the state file.</summary>
    public long Row { get; } = row;

    /// <summary>Grows with every continue-as-new and with every new use of the id.</summary>
    public int Generation { get; private set; } = generation;

    public RunId Run => new(Row, Generation);

    public Execution Execution { get; private set; } = new();

    public OrchestrationStatus Status { get; set; } = OrchestrationStatus.Pending;

    public string? CustomStatus { get; set; }

    public Timestamp CreatedAt { get; init; } = new();

    /// <summary>When a scheduled start is due; null: at once.</summary>
    public Timestamp? StartAt { get; init; }

    /// <summary>The event that started its present run, taken in already or not.</summary>
    public HistoryEvent? Started => Execution.Started ?? _inbox.Find(arrived => arrived.Event.ExecutionStarted is not null)?.Event;

    /// <summary>What a worker is at, or null.</summary>
    public Turn? Turn { get; set; }

    /// <summary>Set when this object no longer stands for the instance: whoever holds it looks it up again.</summary>
    public bool IsEvicted { get; set; }

    /// <summary>Set until its creation is on disk.</summary>
    public bool IsNew { get; set; }

    public long LastUsed { get; set; }

    public bool IsTerminal => IsEnd(Status);

    public IReadOnlyList<InboxEvent> Inbox => _inbox;

    public static bool IsEnd(OrchestrationStatus status) => status is
        OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled;

    public InboxEvent AddToInbox(HistoryEvent historyEvent, bool isDurable = false)
    {
        var arrived = new InboxEvent(_nextPosition++, historyEvent, isDurable);
        _inbox.Add(arrived);
        return arrived;
    }

    /// <summary>Takes an event from disk, at its old place.</summary>
    public void Restore(long position, HistoryEvent historyEvent)
    {
        _inbox.Add(new InboxEvent(position, historyEvent, isDurable: true));
        _nextPosition = Math.Max(_nextPosition, position + 1);
    }

    public void RemoveFromInbox(IReadOnlyCollection<InboxEvent> events)
    {
        var gone = events as HashSet<InboxEvent> ?? [.. events];
        _inbox.RemoveAll(gone.Contains);
    }

    /// <summary>Puts events before everything that waits.</summary>
    public void Prepend(IEnumerable<InboxEvent> events) => _inbox.InsertRange(0, events);

    /// <summary>Starts over with an empty history.</summary>
    public void Renew(int newGeneration)
    {
        Generation = newGeneration;
        Execution = new Execution();
    }

    /// <summary>The events in front that turns may see: nothing may overtake one that isn't on its way to the disk yet.</summary>
    public IEnumerable<InboxEvent> Ready => _inbox.TakeWhile(arrived => arrived.IsQueued);
}
