using System.CommandLine;
using System.Globalization;
using MeshWorkflow.Benchmarks.Ceiling;
using MeshWorkflow.Sidecar.Hosting;

namespace MeshWorkflow.Benchmarks;

/// <summary>
/// Chains of activities that do nothing: one chain at a time, then many in parallel; on gRPC alone and on sidecars, in turns, so
/// that a busy machine hits all alike.
/// </summary>
internal static class ChainsCommand
{
    private const string Embedded = "embedded";
    private const string Strict = "embedded-strict";

    public static Command Create()
    {
        var addresses = new Option<string[]>("--address")
        {
            Description = $"A sidecar's gRPC address; '{Embedded}': one of this process's own; '{Strict}': one that gives activities out after the flush. May be given several times.",
            DefaultValueFactory = _ => [Embedded],
            AllowMultipleArgumentsPerToken = true,
        };
        var length = new Option<int>("--length") { Description = "Activities in a chain.", DefaultValueFactory = _ => 15 };
        var parallel = new Option<int>("--parallel") { Description = "Chains at once.", DefaultValueFactory = _ => 200 };
        var seconds = new Option<int>("--seconds") { Description = "How long each measurement runs.", DefaultValueFactory = _ => 3 };
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 3 };
        var command = new Command("chains", "Measures chains of no-op activities against what gRPC alone allows.")
        {
            addresses, length, parallel, seconds, rounds,
        };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetRequiredValue(addresses),
            new ChainLoad(result.GetValue(length), result.GetValue(parallel), TimeSpan.FromSeconds(result.GetValue(seconds))),
            result.GetValue(rounds),
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(string[] addresses, ChainLoad load, int rounds, CancellationToken cancellationToken)
    {
        await using var bench = new Bench();
        await using var strict = new Bench();
        await using var bare = await BareServer.StartAsync(cancellationToken);
        var targets = new List<ChainTarget> { new("gRPC alone", bare.Address, IsBare: true) };
        foreach (var address in addresses)
        {
            var uri = address switch
            {
                Embedded => await bench.StartSidecarAsync(cancellationToken),
                Strict => await strict.StartSidecarAsync(cancellationToken, dispatch: ActivityDispatch.AfterFlush),
                _ => new Uri(address),
            };
            targets.Add(new ChainTarget($"{address}, bare worker", uri, IsBare: true));
            targets.Add(new ChainTarget($"{address}, worker library", uri, IsBare: false));
        }

        foreach (var target in targets)
        {
            await target.MeasureAsync(load with { Time = TimeSpan.FromSeconds(1) }, cancellationToken);
        }

        var alone = await MeasureAsync(targets, load with { Parallel = 1 }, rounds, cancellationToken);
        var together = await MeasureAsync(targets, load, rounds, cancellationToken);
        Print(targets, alone, together, load.Parallel);
        bench.PrintCommits();
    }

    private static async Task<double[]> MeasureAsync(
        List<ChainTarget> targets, ChainLoad load, int rounds, CancellationToken cancellationToken)
    {
        var rates = new double[targets.Count];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < targets.Count; i++)
            {
                rates[i] += await targets[i].MeasureAsync(load, cancellationToken) / rounds;
            }
        }

        return rates;
    }

    private static void Print(List<ChainTarget> targets, double[] alone, double[] together, int parallel)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"activities/s",-34} {"one at a time",20} {$"{parallel} in parallel",20}"));
        for (var i = 0; i < targets.Count; i++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{targets[i].Title,-34} {alone[i],12:F0} {alone[i] / alone[0],7:P0} {together[i],12:F0} {together[i] / together[0],7:P0}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"memory {GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024.0:F0} MiB managed"));
    }
}
