using System.Diagnostics.Metrics;
using System.Globalization;

namespace MeshWorkflow.Benchmarks;

/// <summary>Adds up what the embedded sidecar says of its commits and flushes.</summary>
internal sealed class CommitMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, (long Count, double Sum)> _sums = [];
    private readonly Lock _gate = new();

    public CommitMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "MeshWorkflow.Sidecar")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        _listener.Start();
    }

    public void Print()
    {
        lock (_gate)
        {
            foreach (var (name, (count, sum)) in _sums.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-42} {count,10} x {sum / count,8:F2}"));
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string name, double value)
    {
        lock (_gate)
        {
            var (count, sum) = _sums.GetValueOrDefault(name);
            _sums[name] = (count + 1, sum + value);
        }
    }
}
