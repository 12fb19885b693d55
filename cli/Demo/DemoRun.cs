using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using Spectre.Console;

namespace MeshWorkflow.Cli.Demo;

/// <summary>
/// The demo's story: two clusters; on the second the last step is refused, so what was done there is undone. What is told at the end is
/// read from the sandbox's world, not from what the rollout says of itself.
/// </summary>
internal sealed class DemoRun(IAnsiConsole console, string folder, ILoggerFactory loggers)
{
    private const string Request = """
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: { name: demo }
        spec:
          fleet: { project: demo-fleet }
          mesh: { version: 1.23.3-asm.2 }
          certificateAuthority: { type: mesh_ca }
          enable: { all: true }
          clusters:
            - { project: demo-apps, location: us-central1, name: mesh-a }
            - { project: demo-apps, location: europe-west1, name: mesh-b }
        """;

    private const string Succeeding = "//container.googleapis.com/projects/demo-apps/locations/us-central1/clusters/mesh-a";
    private const string Failing = "//container.googleapis.com/projects/demo-apps/locations/europe-west1/clusters/mesh-b";

    /// <summary>Tells it.</summary>
    /// <returns>Whether all went as told.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        console.MarkupLine("[bold]A sandbox with two clusters; on the second, the last step will be refused.[/]");
        await using var sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Folder = Path.Combine(folder, "sandbox"), Loggers = loggers }, cancellationToken);
        sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("container", "clusters.setResourceLabels", Failing),
            Message = "Required \"container.clusters.update\" permission(s) for \"projects/demo-apps/locations/europe-west1/clusters/mesh-b\".",
        });
        var state = new StateFolder(Path.Combine(folder, "state"));
        await using var machine = await OneMachine.StartAsync(
            new MachineOptions { Folder = state, Settings = Settings(sandbox.Addresses), Loggers = loggers }, cancellationToken);

        var before = sandbox.Snapshot();
        using var client = new RolloutClient(machine.ApiAddress, ApiToken.Read(state.TokenFile));
        var begun = await client.BeginAsync(Request, idempotencyKey: null, cancellationToken);
        var ended = await RolloutWatch.ToEndAsync(client, begun.Rollout.Id, console, cancellationToken);
        return Check(ended, WorldDiff.Compare(before, sandbox.Snapshot()));
    }

    // Each line says what was looked at; one that isn't so fails the demo.
    private bool Check(RolloutView ended, IReadOnlyList<WorldDifference> differences)
    {
        console.WriteLine();
        console.MarkupLine("[bold]The world, before and after:[/]");
        var ofFailing = differences.Where(difference => IsOf(difference, Failing, "mesh-b")).ToList();
        var ofSucceeding = differences.Where(difference => IsOf(difference, Succeeding, "mesh-a")).ToList();
        var ofOthers = differences.Except(ofFailing).Except(ofSucceeding).ToList();
        bool[] checks =
        [
            console.Check("the rollout is CompletedWithFailures", ended.Rollout.State is RolloutState.CompletedWithFailures),
            console.Check("mesh-a has succeeded, mesh-b is compensated", ended.Clusters.Select(cluster => cluster.State)
                .SequenceEqual([ClusterState.Succeeded, ClusterState.Compensated])),
            console.Check("mesh-a has the mesh", !Planned.Except(ofSucceeding.Select(Text)).Any()),
            console.Check("mesh-b is as it was", ofFailing.Count == 0, ofFailing),
            console.Check("nothing else has changed but what clusters share", ofOthers.TrueForAll(IsShared), ofOthers),
        ];
        return checks.All(isSo => isSo);
    }

    private static IEnumerable<string> Planned =>
    [
        $"{Succeeding} fleet",
        $"{Succeeding} resourceLabels.mesh_id",
        $"{Succeeding}/k8s/namespaces/istio-system ",
        "//gkehub.googleapis.com/projects/demo-fleet/locations/us-central1/memberships/mesh-a ",
    ];

    // Roles, enabled APIs and the mesh configuration of the two projects.
    private static bool IsShared(WorldDifference difference) =>
        difference.Resource.StartsWith("//cloudresourcemanager.", StringComparison.Ordinal)
        || difference.Resource.StartsWith("//serviceusage.", StringComparison.Ordinal)
        || difference.Resource.StartsWith("//meshconfig.", StringComparison.Ordinal);

    private static string Text(WorldDifference difference) => $"{difference.Resource} {difference.Path}";

    private static bool IsOf(WorldDifference difference, string cluster, string membership) =>
        difference.Resource == cluster
        || difference.Resource.StartsWith(cluster + "/", StringComparison.Ordinal)
        || difference.Resource.EndsWith($"/memberships/{membership}", StringComparison.Ordinal);

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
        })
        .Build();
}
