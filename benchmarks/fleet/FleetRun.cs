using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;

namespace MeshWorkflow.FleetBenchmark;

/// <summary>One measured rollout.</summary>
internal static class FleetRun
{
    public static async Task<int> RunAsync(int clusters, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("meshwf-fleet-bench-");
        try
        {
            await using var sandbox = await SandboxHost.StartAsync(
                new SandboxOptions { Folder = Path.Combine(folder.FullName, "sandbox"), World = FleetWorlds.Of(clusters) }, cancellationToken);
            using var product = await Product.StartAsync(folder.FullName, sandbox.Addresses, cancellationToken);
            return await MeasureAsync(product, sandbox, clusters, folder.FullName, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(
        Product product, SandboxHost sandbox, int clusters, string folder, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", product.Token);
        var begun = TimeProvider.System.GetTimestamp();
        var cpu = product.Cpu;
        using var content = new StringContent(FleetWorlds.Request(clusters), Encoding.UTF8, "application/yaml");
        using var created = await http.PostAsync(new Uri("v1/rollouts", UriKind.Relative), content, cancellationToken);
        var answer = await created.Content.ReadAsStringAsync(cancellationToken);
        if (!created.IsSuccessStatusCode)
        {
            await Console.Error.WriteLineAsync(answer);
            return 1;
        }

        var id = JsonNode.Parse(answer)?["rollout"]?["id"]?.GetValue<string>();
        string state;
        long peak = 0;
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, cancellationToken);
            peak = Math.Max(peak, product.Memory);
            var list = JsonNode.Parse(await http.GetStringAsync(new Uri("v1/rollouts", UriKind.Relative), cancellationToken));
            state = list?["rollouts"]?.AsArray().First(rollout => rollout?["id"]?.GetValue<string>() == id)?["state"]?.GetValue<string>() ?? "";
        }
        while (state is "Pending" or "Running");

        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        var calls = sandbox.Journal().Count(entry => entry.HttpMethod.Length > 0);
        var size = Directory.EnumerateFiles(Path.Combine(folder, "state"), "state.db*").Sum(file => new FileInfo(file).Length);
        Show("clusters", clusters);
        Show("ended as", state);
        Show("time, s", elapsed.TotalSeconds);
        Show("product's CPU per cluster, s", (product.Cpu - cpu).TotalSeconds / clusters);
        Show("product's memory at its peak, MiB", peak / 1048576.0);
        Show("API calls per cluster", calls / (double)clusters);
        Show("state per cluster, KiB", size / 1024.0 / clusters);
        return state == "Succeeded" ? 0 : 1;
    }

    private static void Show(string what, object value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-36} {value:0.##}"));

    /// <summary>The product, as a process.</summary>
    private sealed class Product : IDisposable
    {
        private readonly Process _process;
        private readonly string _folder;

        private Product(Process process, string folder)
        {
            _process = process;
            _folder = folder;
        }

        public Uri Api => new(File.ReadAllText(Path.Combine(_folder, "state", "api-address")));

        public string Token => File.ReadAllText(Path.Combine(_folder, "state", "api-token"));

        public TimeSpan Cpu
        {
            get
            {
                _process.Refresh();
                return _process.TotalProcessorTime;
            }
        }

        public long Memory
        {
            get
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
        }

        public static async Task<Product> StartAsync(string folder, SandboxAddresses sandbox, CancellationToken cancellationToken)
        {
            var config = Path.Combine(folder, "config.json");
            var settings = new JsonObject
            {
                ["MeshPackage"] = new JsonObject
                {
                    ["Release"] = sandbox.PackageRelease.ToString(),
                    ["Configuration"] = sandbox.PackageConfiguration.ToString(),
                    ["Cache"] = Path.Combine(folder, "packages"),
                },
            };
            await File.WriteAllTextAsync(config, settings.ToJsonString(), cancellationToken);
            string[] args =
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "meshwf.dll"), "up", "--state", Path.Combine(folder, "state"), "--config", config,
                "--google-address", sandbox.Google.ToString(), "--credentials", sandbox.CredentialsFile,
            ];
            var process = Process.Start(new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true, RedirectStandardError = true })
                ?? throw new InvalidOperationException("The product did not start.");
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            var ready = await process.StandardOutput.ReadLineAsync(cancellationToken);
            return ready?.Contains("Ready", StringComparison.Ordinal) is true
                ? new Product(process, folder)
                : throw new InvalidOperationException($"The product did not start: {ready}");
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
