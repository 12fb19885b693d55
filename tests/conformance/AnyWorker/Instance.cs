using Dapr.Workflow;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Tests.Worker.Replay;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>One instance that a worker is led through, turn by turn; its history grows as a sidecar's does.</summary>
internal sealed class Instance : IAsyncDisposable
{
    public static readonly DateTime Epoch = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly WorkerUnderTest _worker;
    private readonly string _id;
    private readonly string? _executionId;
    private int _clock;

    private Instance(WorkerUnderTest worker, string id, string? executionId) => (_worker, _id, _executionId) = (worker, id, executionId);

    public List<HistoryEvent> Past { get; } = [];

    public WorkflowResponse Last { get; private set; } = new();

    /// <summary>The time of the turn that was answered last.</summary>
    public DateTime Now { get; private set; }

    public static async Task<Instance> OfAsync<TIn, TOut>(
        string id, Func<WorkflowContext, TIn, Task<TOut>> code, string name = "Wf", string? executionId = null) =>
        new(await WorkerUnderTest.StartAsync(options => options.RegisterWorkflow(name, code)), id, executionId);

    public Task<WorkflowResponse> StartAsync(string? input = null, string name = "Wf") => NextAsync(Events.Started(name, input, _id));

    /// <summary>One turn; its new events and the confirmations of its actions become history.</summary>
    public async Task<WorkflowResponse> NextAsync(params HistoryEvent[] arrived)
    {
        var fresh = Stamp([Events.TurnStarted(), .. arrived]);
        Now = fresh[0].Timestamp.ToDateTime();
        Last = await ReplayAsync(Past, fresh);
        fresh[0].WorkflowStarted.Version = Last.Version?.Clone();
        Past.AddRange(fresh);
        Past.AddRange(Stamp([.. Last.Actions.Select(Events.Confirmation).OfType<HistoryEvent>()]));
        return Last;
    }

    /// <summary>One turn over a history as it stands, without keeping anything.</summary>
    public Task<WorkflowResponse> ReplayAsync(IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> fresh)
    {
        var request = new WorkflowRequest { InstanceId = _id, ExecutionId = _executionId };
        request.PastEvents.Add(past.Select(e => e.Clone()));
        request.NewEvents.Add(fresh.Select(e => e.Clone()));
        return _worker.Sidecar.AskAsync(request);
    }

    public HistoryEvent[] Stamp(HistoryEvent[] events)
    {
        foreach (var e in events)
        {
            e.Timestamp ??= Timestamp.FromDateTime(Epoch.AddSeconds(_clock++));
        }

        return events;
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();
}
