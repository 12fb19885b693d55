using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Workflows.Api;
using Spectre.Console;

namespace MeshWorkflow.Cli.Demo;

/// <summary>Runs the demo: a sandbox, the product on it, one rollout. What is told at the end is read from the sandbox's world.</summary>
internal sealed class DemoRun(IAnsiConsole console, string folder, ILoggerFactory loggers)
{
    /// <summary>Runs it.</summary>
    /// <param name="keep">Whether all stays up afterwards, until the command is stopped.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether all went as told.</returns>
    public async Task<bool> RunAsync(bool keep, CancellationToken cancellationToken)
    {
        console.WriteLine(DemoStory.Beginning);
        console.WriteLine();
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Folder = Path.Combine(folder, "sandbox"), World = World.Fleet, Loggers = loggers }, cancellationToken);
        var state = new StateFolder(Path.Combine(folder, "state"));
        await using var machine = await OneMachine.StartAsync(
            new MachineOptions { Folder = state, Settings = Settings(sandbox.Addresses), Loggers = loggers }, cancellationToken);

        var before = sandbox.Snapshot();
        var token = ApiToken.Read(state.TokenFile);
        using var client = new RolloutClient(machine.ApiAddress, token);
        var begun = await client.BeginAsync(DemoStory.Request, idempotencyKey: null, cancellationToken);
        var ended = await RolloutWatch.ToEndAsync(() => new RolloutClient(machine.ApiAddress, token), begun.Rollout.Id, console, isJson: false, cancellationToken);
        var isTold = new DemoChecks(console, before, sandbox.Snapshot(), sandbox.Journal()).AreAllSo(ended);
        if (keep)
        {
            Show(sandbox.Addresses, machine.ApiAddress, state);
            await Waiting.ForStopAsync(cancellationToken);
        }

        return isTold;
    }

    private IConfiguration Settings(SandboxAddresses sandbox) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["GoogleCloud:BaseAddress"] = sandbox.Google.ToString(),
            ["GoogleCloud:CredentialsFile"] = sandbox.CredentialsFile,
            ["MeshPackage:Release"] = sandbox.PackageRelease.ToString(),
            ["MeshPackage:Configuration"] = sandbox.PackageConfiguration.ToString(),
            ["MeshPackage:Cache"] = Path.Combine(folder, "packages"),

            // A sandbox answers at once: no need to be as patient as with Google.
            ["Rollouts:FirstPause"] = "00:00:00.1",
            ["Rollouts:LongestPause"] = "00:00:01",
            ["Rollouts:UnansweredWait"] = "00:00:01",
            ["Rollouts:StepGiveUpAfter"] = "00:00:15",
        })
        .Build();

    private void Show(SandboxAddresses sandbox, Uri api, StateFolder state)
    {
        console.WriteLine();
        console.MarkupLine("[bold]All of it stays up. Stop with Ctrl+C.[/]");
        console.MarkupLineInterpolated($"  REST API       {api} (token in {state.TokenFile})");
        console.MarkupLineInterpolated($"  meshwf         --state {state.Path}");
        console.MarkupLineInterpolated($"  Google's APIs  {sandbox.Google} (credentials in {sandbox.CredentialsFile})");
        foreach (var cluster in sandbox.Clusters)
        {
            console.MarkupLineInterpolated($"  API server     {cluster.Server} {cluster.Cluster}");
        }
    }
}
