using System.Globalization;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Tests.Product.Steering;

/// <summary>The whole product in the test's own process, in front of a large fleet: all tests of steering share it.</summary>
public sealed class SteeredProduct : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("meshwf-steered-").FullName;
    private readonly ILoggerFactory _loggers = LoggerFactory.Create(_ => { });
    private OneMachine? _machine;
    private ClusterCalls? _looked;

    public SandboxHost Sandbox { get; private set; } = null!;

    internal ServiceCalls Calls { get; } = new();

    private StateFolder State => new(Path.Combine(_root, "state"));

    internal RolloutClient Client { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await SandboxHost.StartAsync(
            new SandboxOptions
            {
                Folder = Path.Combine(_root, "sandbox"),
                World = SteeredFleet.World,
                OperationTime = TimeSpan.FromMilliseconds(50),
                TerminationTime = TimeSpan.FromMilliseconds(50),
                PodStartTime = TimeSpan.FromMilliseconds(50),
                LoadBalancerTime = TimeSpan.FromMilliseconds(50),
            },
            Token);
        _machine = await OneMachine.StartAsync(
            new MachineOptions { Folder = State, Settings = Settings(), Loggers = _loggers, Adjust = Calls.Listen }, Token);
        Client = new RolloutClient(_machine.ApiAddress, await File.ReadAllTextAsync(State.TokenFile, Token));
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_machine is not null)
        {
            await _machine.DisposeAsync();
        }

        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }

        _loggers.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    internal async Task<string> BeginAsync(string request) =>
        (await Client.BeginAsync(request, idempotencyKey: null, Token)).Rollout.Id;

    /// <summary>What is done on a cluster, looked up on one: every call before it works, those that write after it, too; and the steps.</summary>
    internal async Task<ClusterCalls> LookAsync()
    {
        if (_looked is not null)
        {
            return _looked;
        }

        var ended = await EndAsync(await BeginAsync(SteeredFleet.Request("look", ["look"], SteeredFleet.Whole)));
        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        var calls = Calls.Seen
            .Where(call => call.Scope == SteeredFleet.Scope("look"))
            .SkipWhile(call => call.Method != "Take")
            .Select(call => new CallPoint(call.Method, call.Step))
            .Distinct()
            .ToList();
        var steps = calls.Where(call => call.Method == "Plan").Select(call => call.Step).ToList();
        Assert.True(steps.Count >= 12 && calls.Count(call => call.Method == "Apply") >= 9, string.Join(", ", calls));
        return _looked = new ClusterCalls(
            [.. calls.SelectMany(call => call.Method == "Apply" ? (CallPoint[])[call, call with { Side = HoldSide.After }] : [call])], steps);
    }

    internal Task<RolloutView> EndAsync(string id) => WaitAsync(id, view => view.Rollout.HasEnded);

    internal Task<RolloutView> WaitAsync(string id, Func<RolloutView, bool> isWanted) => Client.WaitAsync(id, isWanted);

    /// <summary>Waits until a call of a rollout has ended.</summary>
    internal Task EndedAsync(string rollout, string scope, string method, string step) => Waits.UntilAsync(
        () => Calls.Seen.Any(call => call.HasEnded && (rollout, scope, method, step) == (call.Rollout, call.Scope, call.Method, call.Step)),
        () => $"{rollout}: {method} {step} of {scope} has not ended.");

    /// <summary>Waits until a cluster's workflow has begun a long wait.</summary>
    internal async Task WaitingAsync(string rollout, string cluster)
    {
        var scope = StepScope.Of(new ClusterRef(SteeredFleet.Apps, SteeredFleet.Location, cluster));
        var wait = Ids.Wait(Ids.Install(new RolloutRun(rollout, 1), scope), 1);
        using var connection = new SqliteConnection($"Data Source={State.StateFile};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM instance WHERE id = $id";
        command.Parameters.AddWithValue("$id", wait);
        await Waits.UntilAsync(() => command.ExecuteScalar() is 1L, () => $"{wait} has not begun.");
    }

    /// <summary>The calls to the sandbox since an entry of the journal that changed something of a cluster, its Lease aside.</summary>
    internal IReadOnlyList<JournalEntry> Writes(string cluster, int after = 0) =>
    [
        .. Sandbox.Journal(after).Where(entry => entry is { HttpMethod.Length: > 0, Effects.Count: > 0 }
            && !entry.Method.EndsWith(" leases", StringComparison.Ordinal)
            && SteeredFleet.IsOf(entry.Resource, cluster)),
    ];

    private IConfiguration Settings() => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Rollouts:FirstPause"] = "00:00:00.05",
        ["Rollouts:LongestPause"] = "00:00:00.5",
        ["Rollouts:UnansweredWait"] = "00:00:01",
        ["Rollouts:UndoGiveUpAfter"] = "00:00:30",

        // Calls are held for as long as a test needs.
        ["Rollouts:CallTimeout"] = "00:10:00",
        ["MeshPackage:Release"] = Sandbox.Addresses.PackageRelease.ToString(),
        ["MeshPackage:Configuration"] = Sandbox.Addresses.PackageConfiguration.ToString(),
        ["MeshPackage:Cache"] = Path.Combine(_root, "packages"),
        ["GoogleCloud:BaseAddress"] = Sandbox.Addresses.Google.ToString(),
        ["GoogleCloud:CredentialsFile"] = Sandbox.Addresses.CredentialsFile,
        ["Api:Port"] = 0.ToString(CultureInfo.InvariantCulture),
    }).Build();
}

/// <summary>One product for all tests of steering, one test after another.</summary>
[CollectionDefinition(Name)]
public sealed class Steered : ICollectionFixture<SteeredProduct>
{
    public const string Name = "steered";
}

/// <summary>What a rollout does on one cluster.</summary>
/// <param name="Points">The places in it.</param>
/// <param name="Steps">The steps in their order.</param>
internal sealed record ClusterCalls(IReadOnlyList<CallPoint> Points, IReadOnlyList<string> Steps);
