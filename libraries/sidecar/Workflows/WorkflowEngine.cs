using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Sidecar.Storage;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>The engine's parts, put together.</summary>
internal sealed class WorkflowEngine : IDisposable
{
    private readonly TimerQueue _timerQueue;
    private readonly EngineGauges _gauges;

    public WorkflowEngine(Database database, EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        Limits = options.Limits;
        _timerQueue = new TimerQueue(time);
        var active = new ActiveInstances(database.Read(PendingRows.ActiveCount), options.Limits.MaxInstances);
        Runtime = new Runtime(database, new InstanceCache(database), new WorkHubs(time), _timerQueue, new EventClock(time), active);
        var births = new Births(Runtime);
        Turns = new TurnRunner(Runtime, births, options, loggers.CreateLogger<TurnRunner>());
        var intake = new EventIntake(Runtime, Turns);
        var timers = new Timers(Runtime, intake, loggers.CreateLogger<Timers>());
        Turns.TimerAdded += timers.Add;
        Recovery = new Recovery(Runtime, Turns, timers);
        Activities = new ActivityResults(Runtime, intake, loggers.CreateLogger<ActivityResults>());
        Starter = new Starter(Runtime, births, Turns, Recovery);
        Steering = new Steering(Runtime, intake);
        Queries = new Queries(Runtime);
        Purge = new Purge(Runtime);
        Rerun = new Rerun(Runtime, births, Turns);
        Retention = new Retention(Runtime, Purge, loggers.CreateLogger<Retention>());
        Turns.Ended += Retention.Plan;
        _gauges = new EngineGauges(Runtime);
    }

    public SidecarLimits Limits { get; }

    public Runtime Runtime { get; }

    public TurnRunner Turns { get; }

    public Recovery Recovery { get; }

    public ActivityResults Activities { get; }

    public Starter Starter { get; }

    public Steering Steering { get; }

    public Queries Queries { get; }

    public Purge Purge { get; }

    public Rerun Rerun { get; }

    public Retention Retention { get; }

    /// <summary>Takes up what is under way.</summary>
    public async Task StartAsync()
    {
        await Recovery.RunAsync();
        Retention.Start();
    }

    /// <summary>Serves an app: whenever a worker of it connects, what had stalled for want of the right one is tried again.</summary>
    public void Serve(string app) => Runtime.Hubs[app].WorkerConnected += () => Recovery.RetryStalled(app);

    /// <summary>Stops making time pass and answers who waits.</summary>
    public void Dispose()
    {
        _gauges.Dispose();
        _timerQueue.Dispose();
        Runtime.Instances.Board.Close();
        foreach (var hub in Runtime.Hubs.All)
        {
            hub.Close();
        }
    }
}
