using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Dapr.Workflow;

namespace MeshWorkflow.Benchmarks;

/// <summary>Chains of activities that do nothing: one chain at a time, then many in parallel.</summary>
internal static class ChainsCommand
{
    public static Command Create()
    {
        var address = new Option<string?>("--address") { Description = "A sidecar's gRPC address; default: an embedded one of its own." };
        var length = new Option<int>("--length") { Description = "Activities in a chain.", DefaultValueFactory = _ => 15 };
        var parallel = new Option<int>("--parallel") { Description = "Chains at once.", DefaultValueFactory = _ => 200 };
        var seconds = new Option<int>("--seconds") { Description = "How long each measurement runs.", DefaultValueFactory = _ => 10 };
        var command = new Command("chains", "Measures chains of no-op activities.") { address, length, parallel, seconds };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(address) is { } given ? new Uri(given) : null, result.GetValue(length), result.GetValue(parallel), result.GetValue(seconds), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Uri? address, int length, int parallel, int seconds, CancellationToken cancellationToken)
    {
        await using var bench = await Bench.StartAsync(address, cancellationToken);
        await MeasureAsync(bench.Client, length, 1, Math.Min(2, seconds), "warm-up", cancellationToken);
        await MeasureAsync(bench.Client, length, 1, seconds, "one at a time", cancellationToken);
        await MeasureAsync(bench.Client, length, parallel, seconds, $"{parallel} in parallel", cancellationToken);
        Console.WriteLine($"memory {GC.GetTotalMemory(forceFullCollection: true) / 1024 / 1024} MiB managed");
    }

    private static async Task MeasureAsync(
        DaprWorkflowClient client, int length, int parallel, int seconds, string title, CancellationToken cancellationToken)
    {
        var run = Convert.ToHexStringLower(BitConverter.GetBytes(Stopwatch.GetTimestamp()));
        var clock = Stopwatch.StartNew();
        var count = 0;
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(async lane =>
        {
            while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"chain-{run}-{lane}-{Interlocked.Increment(ref count)}");
                await client.ScheduleNewWorkflowAsync("Chain", id, length);
                await client.WaitForWorkflowCompletionAsync(id, getInputsAndOutputs: false, cancellationToken);
            }
        }));
        var rate = count * length / clock.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{title,-16} {count,6} chains of {length}, {rate,8:F0} activities/s, {clock.Elapsed.TotalMilliseconds * parallel / count,8:F1} ms/chain"));
    }
}
