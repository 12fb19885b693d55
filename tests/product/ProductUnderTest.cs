using System.Text;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Product.Steering;
using MeshWorkflow.Workflows.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshWorkflow.Tests.Product;

/// <summary>
/// A sandbox, and the product in front of it: in the test's own process, or, many times slower to start, as a process that can be killed and
/// started again on the same state.
/// </summary>
public sealed class ProductUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly string _root = Directory.CreateTempSubdirectory("meshwf-product-").FullName;
    private readonly StringBuilder _output = new();
    private OneMachine? _machine;
    private ProductProcess? _process;

    private ProductUnderTest() => State = new StateFolder(Path.Combine(_root, "state"));

    public SandboxHost Sandbox { get; private set; } = null!;

    internal StateFolder State { get; }

    /// <summary>The calls of the services, where they run in the test's own process.</summary>
    internal ServiceCalls Calls { get; } = new();

    /// <summary>All that the product wrote to its outputs, as processes that are over.</summary>
    /// <exception cref="InvalidOperationException">It still runs: nothing is known of its outputs yet.</exception>
    public string Output => _machine is null && _process is null ? _output.ToString() : throw new InvalidOperationException("Kill the product first: a process tells its outputs at its end.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts the product in the test's own process.</summary>
    /// <param name="world">What is there; null: the demo's world.</param>
    /// <param name="more">Settings beside those that make a rollout's pauses short.</param>
    public static async Task<ProductUnderTest> StartAsync(World? world = null, params IEnumerable<(string Name, string Value)> more)
    {
        var product = await MakeAsync(world);
        var settings = new ConfigurationBuilder();
        foreach (var file in await product.SettingsAsync())
        {
            settings.AddJsonFile(file, optional: false, reloadOnChange: false);
        }

        settings.AddInMemoryCollection(more.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)));
        product._machine = await OneMachine.StartAsync(
            new MachineOptions { Folder = product.State, Settings = settings.Build(), Loggers = NullLoggerFactory.Instance, Adjust = product.Calls.Listen }, Token);
        return product;
    }

    /// <summary>Starts the product as a process.</summary>
    public static async Task<ProductUnderTest> StartProcessAsync(World? world = null)
    {
        var product = await MakeAsync(world);
        await product.RestartAsync();
        return product;
    }

    private static async Task<ProductUnderTest> MakeAsync(World? world)
    {
        var product = new ProductUnderTest();
        product.Sandbox = await SandboxHost.StartAsync(
            new SandboxOptions
            {
                Folder = Path.Combine(product._root, "sandbox"),
                World = world ?? World.Demo,
                OperationTime = TimeSpan.FromMilliseconds(50),
                TerminationTime = TimeSpan.FromMilliseconds(50),
            },
            Token);
        return product;
    }

    // Settings that make a rollout's pauses short, behind those of the sandbox.
    private async Task<string[]> SettingsAsync()
    {
        var config = Path.Combine(_root, "config.json");
        await File.WriteAllTextAsync(
            config,
            $$"""
            {
              "Rollouts": {
                "CallTimeout": "00:00:30", "FirstPause": "00:00:00.05", "LongestPause": "00:00:00.5", "UnansweredWait": "00:00:01",
                "UndoGiveUpAfter": "00:00:20", "PollEvery": "00:00:00.2", "PreflightGiveUpAfter": "00:00:05"
              },
              "MeshPackage": { "Cache": "{{Path.Combine(_root, "packages")}}" }
            }
            """,
            Token);
        return [Sandbox.Addresses.SettingsFile, config];
    }

    /// <summary>Starts the process that was killed again.</summary>
    public async Task RestartAsync() => _process = await ProductProcess.StartAsync(
        ["up", "--state", State.Path, .. (await SettingsAsync()).SelectMany(file => (string[])["--config", file])], "Ready.");

    /// <summary>Ends the process as a power cut would.</summary>
    /// <exception cref="InvalidOperationException">The product runs in the test's own process.</exception>
    public async Task KillAsync()
    {
        if (_machine is not null)
        {
            throw new InvalidOperationException("Only a product that was started as a process can be killed.");
        }

        if (_process is { } process)
        {
            _output.Append(await process.KillAsync());
            _process = null;
        }
    }

    internal async Task<RolloutView> RunAsync(string request) => await EndAsync(await BeginAsync(request));

    internal async Task<string> BeginAsync(string request)
    {
        using var client = Client();
        return (await client.BeginAsync(request, idempotencyKey: null, Token)).Rollout.Id;
    }

    internal async Task RollBackAsync(string id)
    {
        using var client = Client();
        await client.RollBackAsync(id, Token);
    }

    /// <summary>Waits for a rollout's end.</summary>
    internal Task<RolloutView> EndAsync(string id) => WaitAsync(id, view => view.Rollout.HasEnded);

    /// <summary>Waits until a rollout is as wanted.</summary>
    internal async Task<RolloutView> WaitAsync(string id, Func<RolloutView, bool> isWanted)
    {
        using var client = Client();
        return await client.WaitAsync(id, isWanted);
    }

    internal RolloutClient Client() => new(new Uri(File.ReadAllText(State.AddressFile)), ApiToken.Read(State.TokenFile));

    /// <summary>Holds the next call that fits, has the product killed there, lets the call go, and starts the product again.</summary>
    public async Task KillAtAsync(string hold, HoldAction then)
    {
        await Sandbox.ReachedAsync(hold).WaitAsync(Patience, Token);
        await KillAsync();
        Sandbox.Release(hold, then);
        await RestartAsync();
    }

    /// <summary>The calls since an entry of the journal that changed something, leases aside: they are no part of the plan.</summary>
    public IReadOnlyList<JournalEntry> Writes(int after = 0) =>
        [.. Sandbox.Journal(after).Where(entry => entry.Effects.Count > 0 && !entry.Method.EndsWith(" leases", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        if (_machine is { } machine)
        {
            _machine = null;
            await machine.DisposeAsync();
        }

        await KillAsync();

        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }

        Directory.Delete(_root, recursive: true);
    }
}
