using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Hosting;

namespace MeshWorkflow.FleetBenchmark;

/// <summary>The product, as a process.</summary>
internal sealed class ProductProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _state;

    private ProductProcess(Process process, string state)
    {
        _process = process;
        _state = state;
    }

    public Uri Api => new(File.ReadAllText(Path.Combine(_state, "api-address")));

    public string Token => File.ReadAllText(Path.Combine(_state, "api-token"));

    /// <summary>The size of the state file. What is only in the log is not in it yet, unless the product has stopped.</summary>
    public long StateSize => new FileInfo(Path.Combine(_state, "state.db")).Length;

    /// <summary>The size of the log beside it.</summary>
    public long LogSize => new FileInfo(Path.Combine(_state, "state.db-wal")) is { Exists: true } log ? log.Length : 0;

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

    public static async Task<ProductProcess> StartAsync(string folder, SandboxAddresses sandbox, CancellationToken cancellationToken)
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
        var state = Path.Combine(folder, "state");
        string[] args =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "meshwf.dll"), "up", "--state", state, "--config", config,
            "--google-address", sandbox.Google.ToString(), "--credentials", sandbox.CredentialsFile,
        ];
        var process = Process.Start(new ProcessStartInfo("dotnet", args) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("The product did not start.");
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var ready = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return ready?.Contains("Ready", StringComparison.Ordinal) is true
            ? new ProductProcess(process, state)
            : throw new InvalidOperationException($"The product did not start: {ready}");
    }

    /// <summary>Ends it as an operator would; its log is in its state file then.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
