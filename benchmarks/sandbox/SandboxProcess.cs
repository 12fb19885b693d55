using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MeshWorkflow.SandboxBenchmark;

/// <summary>The sandbox, as a process.</summary>
internal sealed class SandboxProcess : IDisposable
{
    private readonly Process _process;

    private SandboxProcess(Process process, SandboxPlace place, TimeSpan start)
    {
        _process = process;
        Place = place;
        Start = start;
    }

    public SandboxPlace Place { get; }

    /// <summary>From the start of the process until it answers.</summary>
    public TimeSpan Start { get; }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double MemoryMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    public static async Task<SandboxProcess> StartAsync(int clusters, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        string[] args =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "meshwf-sandbox-bench.dll"), "serve",
            "--clusters", clusters.ToString(CultureInfo.InvariantCulture),
        ];
        var process = Process.Start(new ProcessStartInfo("dotnet", args) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("The sandbox did not start.");
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        var place = JsonSerializer.Deserialize<SandboxPlace>(line ?? "null") ?? throw new InvalidOperationException("The sandbox did not start.");
        return new SandboxProcess(process, place, TimeProvider.System.GetElapsedTime(begun));
    }

    /// <summary>A client with its own connections.</summary>
    public HttpClient Client()
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
#pragma warning disable CA5359 // Our own server, on loopback.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version11, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Place.Token);
        return http;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
