using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace MeshWorkflow.Benchmarks;

/// <summary>How long an embedded sidecar takes to start with many instances under way, and what they weigh on disk.</summary>
internal static class RecoveryCommand
{
    private const int AtOnce = 100;

    public static Command Create()
    {
        var instances = new Option<int>("--instances") { Description = "Waiting instances.", DefaultValueFactory = _ => 10_000 };
        var command = new Command("recovery", "Measures the start of an embedded sidecar with instances under way.") { instances };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(instances), cancellationToken));
        return command;
    }

    private static async Task RunAsync(int instances, CancellationToken cancellationToken)
    {
        await using var bench = await Bench.StartAsync(null, cancellationToken);
        var next = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= instances)
            {
                await bench.Client.ScheduleNewWorkflowAsync("Listener", string.Create(CultureInfo.InvariantCulture, $"l-{number}"), 1);
            }
        }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{instances} started in {clock.Elapsed.TotalSeconds:F2} s"));
        await bench.StopAsync();
        Console.WriteLine($"{new FileInfo(bench.StateFile).Length / instances} bytes on disk each");
        clock.Restart();
        await bench.StartSidecarAsync(cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"serving again after {clock.Elapsed.TotalMilliseconds:F0} ms"));
    }
}
