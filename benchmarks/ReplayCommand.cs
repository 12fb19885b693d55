using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace MeshWorkflow.Benchmarks;

/// <summary>What an activity costs in a long workflow: every turn carries the whole history, and the code is run through it again.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var address = new Option<string?>("--address") { Description = "A sidecar's gRPC address; default: an embedded one of its own." };
        var lengths = new Option<int[]>("--lengths")
        {
            Description = "Activities in a chain.",
            DefaultValueFactory = _ => [10, 100, 300, 1000],
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("replay", "Measures what an activity costs against the length of its workflow's history.") { address, lengths };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(address) is { } given ? new Uri(given) : null, result.GetRequiredValue(lengths), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Uri? address, int[] lengths, CancellationToken cancellationToken)
    {
        await using var bench = await Bench.StartAsync(address, cancellationToken);
        await MeasureAsync(bench, 50, cancellationToken);
        foreach (var length in lengths)
        {
            var time = await MeasureAsync(bench, length, cancellationToken);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"chain of {length,5}: {time.TotalMilliseconds / length,8:F2} ms per activity"));
        }
    }

    private static async Task<TimeSpan> MeasureAsync(Bench bench, int length, CancellationToken cancellationToken)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"replay-{Stopwatch.GetTimestamp():x}");
        var clock = Stopwatch.StartNew();
        await bench.Client.ScheduleNewWorkflowAsync("Chain", id, length);
        await bench.Client.WaitForWorkflowCompletionAsync(id, getInputsAndOutputs: false, cancellationToken);
        return clock.Elapsed;
    }
}
