using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace MeshWorkflow.Benchmarks;

/// <summary>How long an embedded sidecar takes to start, empty and with many instances under way, and to bring those to their end.</summary>
internal static class RecoveryCommand
{
    private const int AtOnce = 100;

    public static Command Create()
    {
        var instances = new Option<int>("--instances") { Description = "Waiting instances.", DefaultValueFactory = _ => 10_000 };
        var command = new Command("recovery", "Measures the start of an embedded sidecar, empty and with instances under way.") { instances };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(instances), cancellationToken));
        return command;
    }

    private static async Task RunAsync(int instances, CancellationToken cancellationToken)
    {
        await using var bench = new Bench();
        var clock = Stopwatch.StartNew();
        var address = await bench.StartSidecarAsync(cancellationToken);
        Tell("an empty sidecar serves", clock);
        await bench.StopAsync();
        clock.Restart();
        address = await bench.StartSidecarAsync(cancellationToken);
        Tell("and, its code being warm,", clock);

        await bench.StartWorkerAsync(address);
        clock.Restart();
        await ForAllAsync(instances, id => bench.Client.ScheduleNewWorkflowAsync("Listener", id, 1));
        Tell($"{instances} instances started", clock);
        await bench.StopAsync();
        Console.WriteLine($"{new FileInfo(bench.StateFile).Length / instances} bytes on disk each");

        clock.Restart();
        address = await bench.StartSidecarAsync(cancellationToken);
        Tell("serving again", clock);
        await bench.StartWorkerAsync(address);
        clock.Restart();
        await ForAllAsync(instances, async id =>
        {
            await bench.Client.RaiseEventAsync(id, "e0", 1, cancellationToken);
            await bench.Client.WaitForWorkflowCompletionAsync(id, getInputsAndOutputs: false, cancellationToken);
        });
        Tell("all told, all ended", clock);
    }

    private static async Task ForAllAsync(int instances, Func<string, Task> action)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= instances)
            {
                await action(string.Create(CultureInfo.InvariantCulture, $"l-{number}"));
            }
        }));
    }

    private static void Tell(string what, Stopwatch clock) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} after {clock.Elapsed.TotalMilliseconds,8:F0} ms"));
}
