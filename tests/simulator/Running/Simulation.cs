using System.Text.Json.Nodes;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Tests.Simulator.Drawing;
using MeshWorkflow.Tests.Simulator.Properties;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Simulator.Running;

/// <summary>Carries a scenario out, and keeps what is to be looked at afterwards.</summary>
internal sealed class Simulation : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly string _root = Directory.CreateTempSubdirectory("meshwf-sim-").FullName;
    private readonly List<int> _kills;
    private SandboxHost? _sandbox;
    private Machine? _machine;
    private Releases? _releases;
    private string _id = "";
    private bool _isWished;
    private RolloutView? _last;

    private Simulation(Scenario scenario)
    {
        Scenario = scenario;
        _kills = [.. scenario.Kills];
    }

    public Scenario Scenario { get; }

    /// <summary>What it left behind; there when it is over.</summary>
    public Evidence Evidence { get; private set; } = null!;

    public int FaultsMet { get; private set; }

    public int Killed { get; private set; }

    /// <summary>How long it took to end and start the product again.</summary>
    public TimeSpan Restarting { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Writes => _sandbox!.Journal().Count(entry => entry.Effects.Count > 0);

    public static async Task<Simulation> RunAsync(Scenario scenario, string packages)
    {
        var simulation = new Simulation(scenario);
        try
        {
            await simulation.RunAsync(packages);
            return simulation;
        }
        catch
        {
            await simulation.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
        {
            await _machine.DisposeAsync();
        }

        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }

        Directory.Delete(_root, recursive: true);
    }

    private async Task RunAsync(string packages)
    {
        var options = new SandboxOptions
        {
            World = Scenario.World,
            Folder = Path.Combine(_root, "sandbox"),
            OperationTime = TimeSpan.FromMilliseconds(20),
            TerminationTime = TimeSpan.FromMilliseconds(20),
            ReactionTime = TimeSpan.FromMilliseconds(2),
            RetryTime = TimeSpan.FromMilliseconds(50),
            PodStartTime = TimeSpan.FromMilliseconds(10),
            PodStopTime = TimeSpan.FromMilliseconds(10),
            LoadBalancerTime = TimeSpan.FromMilliseconds(20),
            EstablishTime = TimeSpan.FromMilliseconds(10),
        };
        _sandbox = await SandboxHost.StartAsync(options, Token);
        _machine = new Machine(_sandbox.Addresses, _root, packages, Scenario);
        await _machine.StartAsync(Token);
        var before = _sandbox.Snapshot();
        _sandbox.Order(FaultPlan.Read(Scenario.Faults.Plan, "the drawn plan"));
        _releases = new Releases(_sandbox, Scenario.Faults.Releases);
        await BeginAsync();
        var installed = await EndAsync();
        var installedAt = _sandbox.Journal().Count;

        // Nothing goes wrong any more: what is to be put back now can be.
        _releases.LetAllGo();
        FaultsMet = _sandbox.Faults().Sum(fault => fault.Met) + _releases.Met;
        _sandbox.Order(FaultPlan.None);
        var ended = installed is not null && Scenario.IsRolledBack && await RollBackAsync(installed) ? await EndAsync() : installed;
        var endedAt = _sandbox.Journal().Count;
        var secrets = await ReadSecretsAsync();
        await SettleAsync();
        var after = _sandbox.Snapshot();
        await _machine.StopAsync();
        Evidence = new Evidence(Scenario, before, after, _sandbox.Journal(), _machine.State.StateFile)
        {
            Installed = installed,
            Ended = ended,
            Last = _last,
            InstalledAt = installedAt,
            EndedAt = endedAt,
            Output = _machine.Output,
            Secrets = secrets,
        };
    }

    private async Task BeginAsync()
    {
        while (true)
        {
            using var client = Client();
            try
            {
                _id = (await client.BeginAsync(Scenario.Request.Text, idempotencyKey: "sim", Token)).Rollout.Id;
                return;
            }
            catch (ApiUnreachableException)
            {
                await Task.Delay(Pause, TimeProvider.System, Token);
            }
        }
    }

    // False: there is nothing to be rolled back.
    private async Task<bool> RollBackAsync(RolloutView installed)
    {
        if (installed.Rollout.State is RolloutState.Refused)
        {
            return false;
        }

        using var client = Client();
        await client.RollBackAsync(_id, Token);
        return true;
    }

    // Null: it does not end.
    private async Task<RolloutView?> EndAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Patience)
        {
            await InterfereAsync();
            using var client = Client();
            _last = await client.ReadAsync(_id, Token);
            if (_last.Rollout.HasEnded)
            {
                return _last;
            }

            await Task.Delay(Pause, TimeProvider.System, Token);
        }

        return null;
    }

    private async Task InterfereAsync()
    {
        _releases?.LetGo();
        var writes = Writes;
        if (_kills.Count > 0 && writes >= _kills[0] && _machine is not null)
        {
            _kills.RemoveAt(0);
            Killed++;
            var begun = TimeProvider.System.GetTimestamp();
            await _machine.StopAsync();
            await _machine.StartAsync(Token);
            Restarting += TimeProvider.System.GetElapsedTime(begun);
        }

        if (!_isWished && Scenario.Wish.Length > 0 && writes >= Scenario.WishAt)
        {
            _isWished = true;
            await WishAsync();
        }
    }

    private async Task WishAsync()
    {
        using var client = Client();
        try
        {
            if (Scenario.Wish == "cancel")
            {
                await client.CancelAsync(_id, new CancelRequest(), Token);
            }
            else
            {
                await client.SteerAsync(_id, "pause", Token);
                await client.SteerAsync(_id, "resume", Token);
            }
        }
        catch (ApiRefusedException)
        {
            // It has ended meanwhile.
        }
    }

    // The world rests when what controllers do has come to its end: nothing has changed for a while.
    private async Task SettleAsync()
    {
        for (var (still, last) = (0, _sandbox!.Journal().Count); still < 15; still++)
        {
            await Task.Delay(Pause, TimeProvider.System, Token);
            (still, last) = last == _sandbox!.Journal().Count ? (still, last) : (0, _sandbox.Journal().Count);
        }
    }

    private async Task<IReadOnlyList<string>> ReadSecretsAsync()
    {
        var credentials = await File.ReadAllTextAsync(_sandbox!.Addresses.CredentialsFile, Token);
        var key = JsonNode.Parse(credentials)?["private_key"]?.GetValue<string>().Split('\n')[1] ?? "";
        return [await File.ReadAllTextAsync(_machine!.State.TokenFile, Token), key, "Bearer ", "sandbox.", "PRIVATE KEY"];
    }

    private RolloutClient Client() => new(new Uri(File.ReadAllText(_machine!.State.AddressFile)), ApiToken.Read(_machine.State.TokenFile));
}
