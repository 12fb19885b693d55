using System.Diagnostics;
using System.Text;

namespace MeshWorkflow.Tests.Product;

/// <summary>The command, as a process.</summary>
internal sealed class ProductProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private ProductProcess(IEnumerable<string> args, string ready)
    {
        // What a script runs in its background is deaf to Ctrl+C, and so would be all that is started from there.
        string[] dotnet = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(dotnet[0], dotnet[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        // Nobody runs long enough here to earn back what its measuring costs.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "meshwf.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The command did not start.");
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, ready), ReadAsync(_process.StandardError, ready));
    }

    /// <summary>Starts the command.</summary>
    public static ProductProcess Start(IEnumerable<string> args) => new(args, ready: "\0");

    /// <summary>Starts the command and waits until it has written something.</summary>
    public static async Task<ProductProcess> StartAsync(IEnumerable<string> args, string ready)
    {
        var process = new ProductProcess(args, ready);
        await Task.WhenAny(process._ready.Task, process._reading).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(process._ready.Task.IsCompleted, process.Output);
        return process;
    }

    /// <summary>Runs the command to its end.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="input">What comes in through its standard input.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> args, string input = "")
    {
        var process = new ProductProcess(args, ready: "\0");
        await process._process.StandardInput.WriteAsync(input);
        process._process.StandardInput.Close();
        await process._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await process._reading;
        return (process._process.ExitCode, process.Output);
    }

    /// <summary>Interrupts the command, as Ctrl+C does.</summary>
    public async Task<(int ExitCode, string Output)> InterruptAsync()
    {
        using (var kill = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _reading;
        return (_process.ExitCode, Output);
    }

    public async Task<string> KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        return Output;
    }

    private string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private async Task ReadAsync(StreamReader reader, string ready)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }

            if (line.Contains(ready, StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }
        }
    }
}
