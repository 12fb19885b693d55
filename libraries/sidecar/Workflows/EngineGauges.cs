using System.Diagnostics.Metrics;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>How things stand, under the meter <c>MeshWorkflow.Sidecar</c>; read when somebody asks.</summary>
internal sealed class EngineGauges : IDisposable
{
    private readonly Runtime _runtime;
    private readonly Meter _meter = new("MeshWorkflow.Sidecar");

    public EngineGauges(Runtime runtime)
    {
        _runtime = runtime;
        _meter.CreateObservableGauge(
            "meshworkflow.sidecar.workers", () => ByApp(hub => (long)hub.ConnectedWorkers), "{worker}", "Connected workers, by app.");
        _meter.CreateObservableGauge(
            "meshworkflow.sidecar.work.open", () => ByApp(hub => (long)hub.Queue.Open), "{item}", "Turns and activities not answered yet, by app.");
        _meter.CreateObservableGauge(
            "meshworkflow.sidecar.work.waiting", () => ByApp(hub => (long)hub.Queue.Waiting), "{item}", "Of those, what no worker has, by app.");
        _meter.CreateObservableGauge(
            "meshworkflow.sidecar.work.age", () => ByApp(Age), "s", "How long the oldest of what no worker has waits, by app.");
        _meter.CreateObservableGauge(
            "meshworkflow.sidecar.timers.late", Late, "s", "How late the earliest timer is that has not fired.");
        _meter.CreateObservableGauge(
            "meshworkflow.sidecar.instances.active", () => runtime.Active.Count, "{instance}", "Instances that have not ended.");
        _meter.CreateObservableGauge(
            "meshworkflow.sidecar.instances.stalled", Stalled, "{instance}", "Instances that are stalled, by app.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> ByApp<T>(Func<WorkHub, T> value)
        where T : struct => _runtime.Hubs.All.Select(hub => new Measurement<T>(value(hub), new KeyValuePair<string, object?>("app", hub.App)));

    private double Age(WorkHub hub) => hub.Queue.WaitingSince is { } since ? Since(since) : 0;

    private double Late() => _runtime.Timers.Next is { } next ? Since(next) : 0;

    private double Since(DateTimeOffset time) => Math.Max(0, (_runtime.Clock.Time.GetUtcNow() - time).TotalSeconds);

    private IEnumerable<Measurement<long>> Stalled() => _runtime.Database.Read(PendingRows.StalledCounts)
        .Select(app => new Measurement<long>(app.Count, new KeyValuePair<string, object?>("app", app.App)));
}
