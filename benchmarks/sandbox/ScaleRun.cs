using System.Globalization;

namespace MeshWorkflow.SandboxBenchmark;

/// <summary>How quickly it starts, what it takes at rest, and how many requests it answers.</summary>
internal static class ScaleRun
{
    private const int Callers = 16;
    private const string Path = "container/v1/projects/bench-apps/locations/us-central1/clusters/bench-0000";

    public static async Task<int> RunAsync(int clusters, int seconds, CancellationToken cancellationToken)
    {
        using var sandbox = await SandboxProcess.StartAsync(clusters, cancellationToken);
        Show("clusters", clusters);
        Show("start, s", sandbox.Start.TotalSeconds);
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
        Show("memory at rest, MiB", sandbox.MemoryMiB);
        await MeasureAsync(sandbox, "reads of a GKE cluster", new Uri(sandbox.Place.Google, Path), seconds, cancellationToken);
        await MeasureAsync(
            sandbox, "reads of a namespace, by TLS", new Uri(sandbox.Place.Clusters[0], "api/v1/namespaces/default"), seconds, cancellationToken);
        await LookAtAllAsync(sandbox, cancellationToken);
        Show("memory, all clusters looked at, MiB", sandbox.MemoryMiB);
        return 0;
    }

    private static async Task MeasureAsync(SandboxProcess sandbox, string what, Uri address, int seconds, CancellationToken cancellationToken)
    {
        using var http = sandbox.Client();
        await CallAsync(http, address, TimeSpan.FromSeconds(3), cancellationToken);
        var cpu = sandbox.Cpu;
        var begun = TimeProvider.System.GetTimestamp();
        var calls = await CallAsync(http, address, TimeSpan.FromSeconds(seconds), cancellationToken);
        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        cpu = sandbox.Cpu - cpu;
        Show($"{what}, a second", calls / elapsed.TotalSeconds);
        Show("  cores that the sandbox had", cpu.TotalSeconds / elapsed.TotalSeconds);
        Show("  requests a second of its CPU", calls / cpu.TotalSeconds);
    }

    private static async Task<long> CallAsync(HttpClient http, Uri address, TimeSpan duration, CancellationToken cancellationToken)
    {
        long calls = 0;
        var begun = TimeProvider.System.GetTimestamp();
        async Task CallerAsync()
        {
            while (TimeProvider.System.GetElapsedTime(begun) < duration)
            {
                (await http.GetByteArrayAsync(address, cancellationToken)).AsSpan();
                Interlocked.Increment(ref calls);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(CallerAsync, cancellationToken)));
        return calls;
    }

    // What a cluster has is made when somebody first looks at it.
    private static async Task LookAtAllAsync(SandboxProcess sandbox, CancellationToken cancellationToken)
    {
        foreach (var cluster in sandbox.Place.Clusters)
        {
            using var http = sandbox.Client();
            await http.GetByteArrayAsync(new Uri(cluster, "api/v1/namespaces"), cancellationToken);
        }
    }

    private static void Show(string what, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {value:0.##}"));
}
