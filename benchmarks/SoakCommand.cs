using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MeshWorkflow.Sidecar.Hosting;

namespace MeshWorkflow.Benchmarks;

/// <summary>Work without end: does memory stay flat, and the state file bounded? A line per interval.</summary>
internal static class SoakCommand
{
    private const int Lanes = 50;
    private const int Length = 15;

    public static Command Create()
    {
        var address = new Option<string?>("--address") { Description = "A sidecar's gRPC address; default: an embedded one of its own." };
        var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 60 };
        var interval = new Option<int>("--interval") { Description = "Seconds between two lines.", DefaultValueFactory = _ => 60 };
        var retention = new Option<double?>("--retention") { Description = "Embedded only: seconds that ended workflows are kept; default: for ever." };
        var command = new Command("soak", "Runs chains without end and tells what memory and disk do.") { address, minutes, interval, retention };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(address) is { } given ? new Uri(given) : null,
            TimeSpan.FromMinutes(result.GetValue(minutes)),
            TimeSpan.FromSeconds(result.GetValue(interval)),
            new WorkflowRetention { AnyTerminal = result.GetValue(retention) is { } kept ? TimeSpan.FromSeconds(kept) : null },
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(
        Uri? address, TimeSpan time, TimeSpan interval, WorkflowRetention retention, CancellationToken cancellationToken)
    {
        await using var bench = await Bench.StartAsync(address, cancellationToken, retention);
        var clock = Stopwatch.StartNew();
        var done = 0L;
        var lanes = Enumerable.Range(0, Lanes).Select(async lane =>
        {
            for (var i = 0; clock.Elapsed < time; i++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"soak-{Environment.ProcessId}-{lane}-{i}");
                await bench.Client.ScheduleNewWorkflowAsync("Chain", id, Length);
                await bench.Client.WaitForWorkflowCompletionAsync(id, getInputsAndOutputs: false, cancellationToken);
                Interlocked.Add(ref done, Length);
            }
        }).ToList();
        Console.WriteLine($"{"seconds",8} {"activities",12} {"per second",11} {"working set MiB",16} {"managed MiB",12} {"state MiB",10} {"log MiB",8}");
        using var timer = new PeriodicTimer(interval);
        var all = Task.WhenAll(lanes);
        for (var before = 0L; await Task.WhenAny(all, timer.WaitForNextTickAsync(cancellationToken).AsTask()) != all;)
        {
            var now = Interlocked.Read(ref done);
            Print(bench, clock.Elapsed, now, (now - before) / interval.TotalSeconds);
            before = now;
        }

        await all;
        await bench.StopAsync();
        if (File.Exists(bench.StateFile) && retention.AnyTerminal is null)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{new FileInfo(bench.StateFile).Length / (double)done:F0} bytes on disk per activity"));
        }
    }

    private static void Print(Bench bench, TimeSpan elapsed, long done, double rate)
    {
        var managed = Mebibytes(GC.GetTotalMemory(forceFullCollection: true));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds,8:F0} {done,12} {rate,11:F0} {Mebibytes(Environment.WorkingSet),16:F0} {managed,12:F0} {Size(bench.StateFile),10:F1} {Size(bench.StateFile + "-wal"),8:F1}"));
    }

    private static double Size(string file) => File.Exists(file) ? Mebibytes(new FileInfo(file).Length) : 0;

    private static double Mebibytes(long bytes) => bytes / 1024.0 / 1024.0;
}
