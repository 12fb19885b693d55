using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.SandboxBenchmark;

/// <summary>
/// Many watchers that come and go, some of them never reading, while objects are made, changed and deleted. The memory of the last
/// third of the time must be that of the second, give or take a tenth.
/// </summary>
internal static class SoakRun
{
    private const int Writers = 8;
    private const double Tolerance = 1.1;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int clusters, int watchers, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var sandbox = await SandboxProcess.StartAsync(clusters, cancellationToken);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var counts = new Counts();
        List<Task> all =
        [
            .. Enumerable.Range(0, watchers).Select(number => WatchAsync(sandbox, number, counts, ends.Token)),
            .. Enumerable.Range(0, Writers).Select(number => WriteAsync(sandbox, number, counts, ends.Token)),
        ];
        var seen = await LookAsync(sandbox, counts, duration, cancellationToken);
        await ends.CancelAsync();
        await Task.WhenAll(all);
        var third = seen.Count / 3;
        var (before, after) = (seen[third..(2 * third)].Average(), seen[(2 * third)..].Average());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory in the second third {before:0} MiB, in the last {after:0} MiB"));
        return after <= before * Tolerance ? 0 : 1;
    }

    private static async Task<List<double>> LookAsync(
        SandboxProcess sandbox, Counts counts, TimeSpan duration, CancellationToken cancellationToken)
    {
        var seen = new List<double>();
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) is var elapsed && (elapsed < duration || seen.Count < 3))
        {
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
            seen.Add(sandbox.MemoryMiB);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{elapsed.TotalSeconds,6:0} s  {seen[^1],6:0} MiB  {counts.Writes,9} writes  {counts.Watches,9} watches begun  {counts.Events,10} events  {counts.Broken,5} connections broken"));
        }

        return seen;
    }

    // Every tenth does not read what it is sent.
    private static async Task WatchAsync(SandboxProcess sandbox, int number, Counts counts, CancellationToken cancellationToken)
    {
        var cluster = sandbox.Place.Clusters[number % sandbox.Place.Clusters.Count];
        var address = new Uri(cluster, $"api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds={20 + (number % 40)}");
        using var http = sandbox.Client();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                Interlocked.Increment(ref counts.Watches);
                if (number % 10 == 0)
                {
                    await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, cancellationToken);
                    continue;
                }

                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
                while (await reader.ReadLineAsync(cancellationToken) is not null)
                {
                    Interlocked.Increment(ref counts.Events);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                Interlocked.Increment(ref counts.Broken);
            }
        }
    }

    private static async Task WriteAsync(SandboxProcess sandbox, int number, Counts counts, CancellationToken cancellationToken)
    {
        using var http = sandbox.Client();
        for (var turn = 0; !cancellationToken.IsCancellationRequested; turn++)
        {
            var cluster = sandbox.Place.Clusters[turn % sandbox.Place.Clusters.Count];
            var maps = new Uri(cluster, "api/v1/namespaces/default/configmaps");
            var body = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject { ["name"] = string.Create(CultureInfo.InvariantCulture, $"soak-{number}") },
                ["data"] = new JsonObject { ["turn"] = turn.ToString(CultureInfo.InvariantCulture), ["text"] = new string('x', 2_000) },
            };
            try
            {
                using var made = await http.PostAsJsonAsync(maps, body, cancellationToken);
                using var gone = await http.DeleteAsync(new Uri($"{maps}/soak-{number}"), cancellationToken);
                counts.Add(made.IsSuccessStatusCode && gone.IsSuccessStatusCode ? 2 : throw new HttpRequestException($"{made.StatusCode} {gone.StatusCode}"));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private sealed class Counts
    {
        public long Watches;

        public long Events;

        public long Broken;

        private long _writes;

        public long Writes => Interlocked.Read(ref _writes);

        public void Add(int writes) => Interlocked.Add(ref _writes, writes);
    }
}
