using MeshWorkflow.WorkflowContracts;
using Event = MeshWorkflow.WorkflowContracts.HistoryEvent.EventTypeOneofCase;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>One run of an instance, from its start to its end or to its continuation as new: the history and what is open in it.</summary>
internal sealed class Execution
{
    private readonly List<HistoryEvent> _history = [];
    private readonly HashSet<int> _scheduled = [];
    private readonly HashSet<int> _openActivities = [];
    private readonly HashSet<int> _openTimers = [];
    private readonly Dictionary<int, InstanceKey> _openChildren = [];
    private readonly List<string> _patches = [];

    public IReadOnlyList<HistoryEvent> History => _history;

    /// <summary>How many turns it has had.</summary>
    public int Turns { get; private set; }

    /// <summary>The history's size in a message, in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>The event that started it, or null: not started yet.</summary>
    public HistoryEvent? Started { get; private set; }

    public string ExecutionId => Started?.ExecutionStarted.WorkflowInstance?.ExecutionId ?? "";

    public IReadOnlyDictionary<int, InstanceKey> OpenChildren => _openChildren;

    /// <summary>What it still waits for, in the order in which it asked for it.</summary>
    public IEnumerable<HistoryEvent> Open => _history.Where(e => e.EventTypeCase switch
    {
        Event.TaskScheduled => _openActivities.Contains(e.EventId),
        Event.TimerCreated => _openTimers.Contains(e.EventId),
        Event.ChildWorkflowInstanceCreated => _openChildren.ContainsKey(e.EventId),
        _ => false,
    });

    /// <summary>Every child that it has started, ended or not.</summary>
    public IEnumerable<InstanceKey> Children =>
        _history.Where(e => e.EventTypeCase is Event.ChildWorkflowInstanceCreated).Select(ChildKey);

    /// <summary>The guarded changes it runs with, in the order in which it met them.</summary>
    public IReadOnlyList<string> Patches => _patches;

    public bool IsOpenTimer(int id) => _openTimers.Contains(id);

    public bool HasScheduled(int id) => _scheduled.Contains(id);

    /// <summary>Whether an event ends something that is open. Others are second deliveries, or meant for an earlier run.</summary>
    public bool Concerns(HistoryEvent historyEvent) => historyEvent.EventTypeCase switch
    {
        Event.TaskCompleted => _openActivities.Contains(historyEvent.TaskCompleted.TaskScheduledId),
        Event.TaskFailed => _openActivities.Contains(historyEvent.TaskFailed.TaskScheduledId),
        Event.TimerFired => _openTimers.Contains(historyEvent.TimerFired.TimerId),
        Event.ChildWorkflowInstanceCompleted => _openChildren.ContainsKey(historyEvent.ChildWorkflowInstanceCompleted.TaskScheduledId),
        Event.ChildWorkflowInstanceFailed => _openChildren.ContainsKey(historyEvent.ChildWorkflowInstanceFailed.TaskScheduledId),
        _ => true,
    };

    public void AddTurn(IReadOnlyCollection<HistoryEvent> events)
    {
        foreach (var historyEvent in events)
        {
            Add(historyEvent);
        }

        Turns++;
    }

    private void Add(HistoryEvent historyEvent)
    {
        _history.Add(historyEvent);
        var size = historyEvent.CalculateSize();
        Size += size + 1 + Google.Protobuf.CodedOutputStream.ComputeLengthSize(size);
        switch (historyEvent.EventTypeCase)
        {
            case Event.ExecutionStarted:
                Started = historyEvent;
                break;
            case Event.WorkflowStarted when historyEvent.WorkflowStarted.Version is { } version:
                _patches.AddRange(version.Patches.Where(patch => !_patches.Contains(patch)));
                break;
            case Event.TaskScheduled:
                _scheduled.Add(historyEvent.EventId);
                _openActivities.Add(historyEvent.EventId);
                break;
            case Event.TimerCreated:
                _scheduled.Add(historyEvent.EventId);
                _openTimers.Add(historyEvent.EventId);
                break;
            case Event.ChildWorkflowInstanceCreated:
                _scheduled.Add(historyEvent.EventId);
                _openChildren[historyEvent.EventId] = ChildKey(historyEvent);
                break;
            case Event.EventSent:
                _scheduled.Add(historyEvent.EventId);
                break;
            case Event.TaskCompleted:
                _openActivities.Remove(historyEvent.TaskCompleted.TaskScheduledId);
                break;
            case Event.TaskFailed:
                _openActivities.Remove(historyEvent.TaskFailed.TaskScheduledId);
                break;
            case Event.TimerFired:
                _openTimers.Remove(historyEvent.TimerFired.TimerId);
                break;
            case Event.ChildWorkflowInstanceCompleted:
                _openChildren.Remove(historyEvent.ChildWorkflowInstanceCompleted.TaskScheduledId);
                break;
            case Event.ChildWorkflowInstanceFailed:
                _openChildren.Remove(historyEvent.ChildWorkflowInstanceFailed.TaskScheduledId);
                break;
            default:
                break;
        }
    }

    private static InstanceKey ChildKey(HistoryEvent created) =>
        new(TargetOf(created.Router), created.ChildWorkflowInstanceCreated.InstanceId);

    private static string TargetOf(TaskRouter router) => router.HasTargetAppID ? router.TargetAppID : router.SourceAppID;
}
