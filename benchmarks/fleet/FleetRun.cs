using System.Globalization;
using MeshWorkflow.Sandbox.Hosting;

namespace MeshWorkflow.FleetBenchmark;

/// <summary>One measured rollout, after a small one that is not: what runs for the first time is compiled first.</summary>
internal static class FleetRun
{
    public static async Task<int> RunAsync(int clusters, bool showCalls, string? keep, CancellationToken cancellationToken)
    {
        var folder = keep is null ? Directory.CreateTempSubdirectory("meshwf-fleet-bench-") : Directory.CreateDirectory(keep);
        try
        {
            await using var sandbox = await SandboxHost.StartAsync(
                new SandboxOptions { Folder = Path.Combine(folder.FullName, "sandbox"), World = FleetWorlds.Of(clusters) }, cancellationToken);
            using var product = await ProductProcess.StartAsync(folder.FullName, sandbox.Addresses, cancellationToken);
            return await MeasureAsync(product, sandbox, clusters, showCalls, cancellationToken);
        }
        finally
        {
            if (keep is null)
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task<int> MeasureAsync(
        ProductProcess product, SandboxHost sandbox, int clusters, bool showCalls, CancellationToken cancellationToken)
    {
        using var api = new RolloutApi(product.Api, product.Token);
        await api.RunAsync(FleetWorlds.WarmUp(), () => { }, cancellationToken);
        var seen = sandbox.Journal().Count;
        var (cpu, size) = (product.Cpu, product.StateSize);
        long peak = 0;
        var begun = TimeProvider.System.GetTimestamp();
        var state = await api.RunAsync(FleetWorlds.Request(clusters), () => peak = Math.Max(peak, product.Memory), cancellationToken);
        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        cpu = product.Cpu - cpu;
        var calls = sandbox.Journal().Skip(seen).Where(entry => entry.HttpMethod.Length > 0).ToList();
        var log = product.LogSize;
        await product.StopAsync(cancellationToken);
        Show("clusters", clusters);
        Show("ended as", state);
        Show("time, s", elapsed.TotalSeconds);
        Show("product's CPU per cluster, s", cpu.TotalSeconds / clusters);
        Show("product's memory at its peak, MiB", peak / 1048576.0);
        Show("API calls per cluster", calls.Count / (double)clusters);
        Show("of them to Google's APIs", calls.Count(call => !call.IsToCluster()) / (double)clusters);
        Show("of them answered 429 or 503", calls.Count(call => call.Status is 429 or 503) / (double)clusters);
        Show("state per cluster, KiB", (product.StateSize - size) / 1024.0 / clusters);
        Show("write-ahead log beside it, MiB", log / 1048576.0);
        if (showCalls)
        {
            CallKinds.Show(calls, clusters);
        }

        return state == "Succeeded" ? 0 : 1;
    }

    private static void Show(string what, object value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-36} {value:0.##}"));
}
