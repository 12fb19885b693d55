using Dapr.Common.Serialization;
using Dapr.Workflow;
using Dapr.Workflow.Worker;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshWorkflow.Tests.Worker.Replay;

/// <summary>Plays one instance against the worker, turn by turn, keeping its history as a sidecar would.</summary>
internal sealed class Turns
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly WorkflowTurns _turns;
    private readonly string _instanceId;
    private readonly string? _executionId;
    private int _clock;

    public Turns(string instanceId, Action<IWorkflowsFactory> register, string? executionId = null, ILoggerFactory? loggers = null)
    {
        _instanceId = instanceId;
        _executionId = executionId;
        var factory = new WorkflowsFactory(NullLogger<WorkflowsFactory>.Instance);
        register(factory);
        _turns = new WorkflowTurns(
            factory, new JsonDaprSerializer(), _services.GetRequiredService<IServiceScopeFactory>(), loggers ?? NullLoggerFactory.Instance);
    }

    public static Turns Of<TIn, TOut>(
        string instanceId, Func<WorkflowContext, TIn, Task<TOut>> code, string name = "Wf", string? executionId = null, ILoggerFactory? loggers = null) =>
        new(instanceId, factory => factory.RegisterWorkflow(name, code), executionId, loggers);

    public List<HistoryEvent> Past { get; } = [];

    public WorkflowResponse Last { get; private set; } = new();

    public Task<WorkflowResponse> StartAsync(string? input = null, string name = "Wf") => NextAsync(Events.Started(name, input, _instanceId));

    /// <summary>One turn; its new events and the confirmations of its actions become history.</summary>
    public async Task<WorkflowResponse> NextAsync(params HistoryEvent[] arrived)
    {
        var fresh = Stamp([Events.TurnStarted(), .. arrived]);
        var request = new WorkflowRequest { InstanceId = _instanceId, ExecutionId = _executionId };
        request.PastEvents.Add(Past.Select(e => e.Clone()));
        request.NewEvents.Add(fresh.Select(e => e.Clone()));
        Last = await _turns.RunAsync(request);
        fresh[0].WorkflowStarted.Version = Last.Version?.Clone();
        Past.AddRange(fresh);
        Past.AddRange(Stamp([.. Last.Actions.Select(Events.Confirmation).OfType<HistoryEvent>()]));
        return Last;
    }

    /// <summary>One turn over a history as it stands, without keeping anything.</summary>
    public Task<WorkflowResponse> ReplayAsync(IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> fresh)
    {
        var request = new WorkflowRequest { InstanceId = _instanceId, ExecutionId = _executionId };
        request.PastEvents.Add(past.Select(e => e.Clone()));
        request.NewEvents.Add(fresh.Select(e => e.Clone()));
        return _turns.RunAsync(request);
    }

    public HistoryEvent[] Stamp(HistoryEvent[] events)
    {
        foreach (var e in events)
        {
            e.Timestamp ??= Timestamp.FromDateTime(Start.AddSeconds(_clock++));
        }

        return events;
    }
}
