using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MeshWorkflow.Tests.Crashes;

/// <summary>A process of ours that is there to be killed.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Process _process;

    private Victim(Process process) => _process = process;

    public int Id => _process.Id;

    public static Task<Victim> SidecarAsync(string stateFile, int port) =>
        StartAsync(["sidecar", stateFile, "--port", port.ToString(CultureInfo.InvariantCulture)]);

    public static Task<Victim> WorkerAsync(Uri address, string journal) => StartAsync(["worker", address.ToString(), "--journal", journal]);

    /// <summary>A port that was free a moment ago: the sidecar that is killed has to come back at the same one.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<Victim> StartAsync(string[] arguments)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(output.Parent?.Parent?.FullName ?? "", "MeshWorkflow.Benchmarks", output.Name, "meshwf-bench.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
        var victim = new Victim(process);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.StartsWith("READY", StringComparison.Ordinal))
                {
                    return victim;
                }
            }

            throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended before it was ready: {await errors}");
        }
        catch
        {
            victim.Dispose();
            throw;
        }
    }
}
