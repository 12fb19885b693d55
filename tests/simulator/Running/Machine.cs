using System.Text;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Tests.Simulator.Drawing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Tests.Simulator.Running;

/// <summary>The whole product on one state folder: in this process, or as one of its own that can be killed.</summary>
internal sealed class Machine(SandboxAddresses sandbox, string folder, string packages, Scenario scenario) : IAsyncDisposable
{
    private readonly Outputs _outputs = new();
    private OneMachine? _machine;
    private ILoggerFactory? _loggers;
    private ProductProcess? _process;

    public StateFolder State { get; } = new(Path.Combine(folder, "state"));

    /// <summary>All that it wrote.</summary>
    public string Output => _outputs.Text;

    // Everything that a workflow waits for, in milliseconds: a run is over in seconds.
    private Dictionary<string, string?> Settings => new()
    {
        ["Rollouts:CallTimeout"] = "00:00:10",
        ["Rollouts:FirstPause"] = "00:00:00.01",
        ["Rollouts:LongestPause"] = "00:00:00.15",
        ["Rollouts:UnansweredWait"] = "00:00:01",
        ["Rollouts:StepGiveUpAfter"] = scenario.IsPassing ? "00:01:00" : "00:00:05",
        ["Rollouts:UndoGiveUpAfter"] = "00:00:08",
        ["Rollouts:PollEvery"] = "00:00:00.05",
        ["Rollouts:PreflightGiveUpAfter"] = "00:00:10",
        ["MeshPackage:Release"] = sandbox.PackageRelease.ToString(),
        ["MeshPackage:Configuration"] = sandbox.PackageConfiguration.ToString(),
        ["MeshPackage:Cache"] = packages,
        ["GoogleCloud:BaseAddress"] = sandbox.Google.ToString(),
        ["GoogleCloud:CredentialsFile"] = sandbox.CredentialsFile,
    };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (scenario.IsKilledHard)
        {
            var config = Path.Combine(folder, "config.json");
            await File.WriteAllTextAsync(config, System.Text.Json.JsonSerializer.Serialize(Settings), cancellationToken);
            _process = await ProductProcess.StartAsync(
                ["up", "--state", State.Path, "--config", config, "--google-address", sandbox.Google.ToString(), "--credentials", sandbox.CredentialsFile],
                "Ready.");
            return;
        }

        _loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Information).AddProvider(_outputs));
        _machine = await OneMachine.StartAsync(
            new MachineOptions { Folder = State, Settings = new ConfigurationBuilder().AddInMemoryCollection(Settings).Build(), Loggers = _loggers }, cancellationToken);
    }

    /// <summary>Ends it: a process as by a power cut, otherwise in the middle of what it does.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            _outputs.Add(await process.KillAsync());
        }

        if (_machine is { } machine)
        {
            _machine = null;
            await machine.DisposeAsync();
            _loggers?.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _outputs.Dispose();
    }

    /// <summary>Keeps what is logged.</summary>
    private sealed class Outputs : ILoggerProvider, ILogger
    {
        private readonly StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public void Add(string line)
        {
            lock (_text)
            {
                _text.AppendLine(line);
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
