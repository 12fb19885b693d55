using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Hosting;

/// <summary>What the meter MeshWorkflow.Sidecar tells.</summary>
public sealed class MetricsTests : IDisposable
{
    private readonly ConcurrentBag<(string Name, double Value, Dictionary<string, object?> Tags)> _told = [];
    private readonly MeterListener _listener = new();

    public MetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "MeshWorkflow.Sidecar")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public async Task Work_IsCountedAndTimed()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using (var worker = await sidecar.ConnectAsync())
        {
            _ = sidecar.BeginAsync("i");
            await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0), Act.Activity(1, app: "b"));
            await worker.AnswerAsync(await worker.NextActivityAsync(), "1");
            await worker.AnswerAsync(await worker.NextTurnAsync());
            _ = sidecar.BeginAsync("s");
            await worker.AnswerAsync(await worker.NextTurnAsync(), new WorkflowAction { WorkflowVersionNotAvailable = new() });
            _listener.RecordObservableInstruments();
        }

        Assert.Contains(_told, t => Is(t, "turns", ("app", "a"), ("status", "Running")));
        Assert.Contains(_told, t => Is(t, "activities", ("app", "a"), ("failed", false)));
        Assert.Contains(_told, t => Is(t, "stalls", ("app", "a"), ("reason", "VersionNotAvailable")));
        Assert.Contains(_told, t => Is(t, "commit.duration") && t.Value > 0);
        Assert.Contains(_told, t => Is(t, "commit.changes") && t.Value >= 1);
        Assert.Contains(_told, t => Is(t, "flush.duration") && t.Value > 0);
        Assert.Contains(_told, t => Is(t, "workers", ("app", "a")) && t.Value == 1);
        Assert.Contains(_told, t => Is(t, "work.waiting", ("app", "b")) && t.Value == 1);
        Assert.Contains(_told, t => Is(t, "work.age", ("app", "b")) && t.Value > 0);
        Assert.Contains(_told, t => Is(t, "work.open", ("app", "b")) && t.Value == 1);
        Assert.Contains(_told, t => Is(t, "instances.stalled", ("app", "a")) && t.Value == 1);
        Assert.Contains(_told, t => Is(t, "instances.active") && t.Value == 2);
        Assert.Contains(_told, t => Is(t, "timers.late") && t.Value == 0);
    }

    public void Dispose() => _listener.Dispose();

    private static bool Is(
        (string Name, double Value, Dictionary<string, object?> Tags) told, string name, params (string Key, object Value)[] tags) =>
        told.Name == "meshworkflow.sidecar." + name && tags.All(tag => Equals(told.Tags.GetValueOrDefault(tag.Key), tag.Value));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _told.Add((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
}
