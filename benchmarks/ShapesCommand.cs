using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace MeshWorkflow.Benchmarks;

/// <summary>Wide workflows: a fan-out of activities in one instance, and many timers.</summary>
internal static class ShapesCommand
{
    private const int TimersPerInstance = 500;

    public static Command Create()
    {
        var address = new Option<string?>("--address") { Description = "A sidecar's gRPC address; default: an embedded one of its own." };
        var width = new Option<int>("--width") { Description = "Activities in the fan-out.", DefaultValueFactory = _ => 1000 };
        var timers = new Option<int>("--timers") { Description = "Timers of a second each.", DefaultValueFactory = _ => 10_000 };
        var command = new Command("shapes", "Measures a wide fan-out and many timers.") { address, width, timers };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(address) is { } given ? new Uri(given) : null, result.GetValue(width), result.GetValue(timers), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Uri? address, int width, int timers, CancellationToken cancellationToken)
    {
        await using var bench = await Bench.StartAsync(address, cancellationToken);
        await MeasureAsync(bench, "fan-out of 10 (warm-up)", "FanOut", 10, instances: 1, cancellationToken);
        await MeasureAsync(bench, $"fan-out of {width}", "FanOut", width, instances: 1, cancellationToken);
        await MeasureAsync(bench, $"{timers} timers of 1 s", "Timers", TimersPerInstance, timers / TimersPerInstance, cancellationToken);
    }

    private static async Task MeasureAsync(
        Bench bench, string title, string workflow, int input, int instances, CancellationToken cancellationToken)
    {
        var run = Convert.ToHexStringLower(BitConverter.GetBytes(Stopwatch.GetTimestamp()));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, instances).Select(async i =>
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{workflow}-{run}-{i}");
            await bench.Client.ScheduleNewWorkflowAsync(workflow, id, input);
            await bench.Client.WaitForWorkflowCompletionAsync(id, getInputsAndOutputs: false, cancellationToken);
        }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-24} {clock.Elapsed.TotalSeconds,8:F2} s"));
    }
}
