namespace MeshWorkflow.Tests.Product.Commands;

/// <summary>The command line, as people and scripts use it.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-command-").FullName;

    private string[] State => ["--state", Path.Combine(_folder, "state")];

    [Fact]
    public async Task Demo_Run_TellsItsStoryAndSucceeds()
    {
        var (exitCode, output) = await ProductProcess.RunAsync(["demo"]);

        Assert.True(exitCode == 0, output);
        Assert.Contains("CompletedWithFailures", output, StringComparison.Ordinal);
        Assert.DoesNotContain("  NO ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_MistakesInTheRequest_AreAllToldBeforeAnythingIsContacted()
    {
        const string Request = """
            apiVersion: meshworkflow.dev/v2
            kind: FleetInstall
            metadata: { name: A_name_that_is_much_too_long_and_wrong }
            spec:
              fleet: {}
              surprise: 1
              clusters:
                - { project: demo-apps, location: nowhere, name: c1 }
            """;

        var (exitCode, output) = await ProductProcess.RunAsync(["install", "-f", "-", .. State], Request);

        Assert.Equal(2, exitCode);
        foreach (var path in (string[])["apiVersion", "metadata.name", "spec.fleet.project", "spec.surprise", "spec.clusters[0].location"])
        {
            Assert.Contains(path, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Status_NothingRuns_IsUnreachable()
    {
        var (exitCode, output) = await ProductProcess.RunAsync(["status", .. State]);

        Assert.Equal(8, exitCode);
        Assert.Contains("meshwf up", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_UnknownOption_IsAMistake()
    {
        var (exitCode, output) = await ProductProcess.RunAsync(["status", "--no-such-option"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("--no-such-option", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallStatusWatchRollback_OneRollout_ShowItAndEndAsItDid()
    {
        await using var product = await ProductUnderTest.StartAsync();
        string[] state = ["--state", product.State.Path];
        var request = Path.Combine(_folder, "request.yaml");
        await File.WriteAllTextAsync(request, Rollouts.Requests.OneCluster(), TestContext.Current.CancellationToken);

        Assert.Equal(0, (await ProductProcess.RunAsync(["install", "-f", request, .. state])).ExitCode);
        Assert.Contains("mesh-id", (await ProductProcess.RunAsync(["status", "test", "--all", .. state])).Output, StringComparison.Ordinal);
        Assert.Contains("test-g1", (await ProductProcess.RunAsync(["status", .. state])).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await ProductProcess.RunAsync(["watch", "test-g1", .. state])).ExitCode);
        Assert.Equal(5, (await ProductProcess.RunAsync(["rollback", "test", .. state])).ExitCode);
        Assert.Equal(2, (await ProductProcess.RunAsync(["status", "no-such-rollout", .. state])).ExitCode);
    }

    [Fact]
    public async Task PlanAndInstall_AsmcliFlags_AreTheSameAsARequest()
    {
        await using var product = await ProductUnderTest.StartAsync();
        string[] state = ["--state", product.State.Path];
        string[] flags =
        [
            "--project_id", "demo-apps", "--cluster_name", "mesh-a", "--cluster_location", "us-central1", "--fleet_id", "demo-fleet",
            "--enable_all", "--ca", "mesh_ca", "--option", "envoy-access-log",
        ];

        var (changes, plan) = await ProductProcess.RunAsync(["plan", "--detailed-exitcode", .. flags, .. state]);
        Assert.True(changes == 10, plan);
        Assert.Contains("resourceLabels.mesh_id", plan, StringComparison.Ordinal);
        Assert.Contains("to create", plan, StringComparison.Ordinal);
        var (installed, output) = await ProductProcess.RunAsync(["install", .. flags, .. state]);
        Assert.True(installed == 0, output);
        Assert.Contains("mesh-a-g1", (await ProductProcess.RunAsync(["list", .. state])).Output, StringComparison.Ordinal);
        var (unchanged, second) = await ProductProcess.RunAsync(["plan", "--detailed-exitcode", .. flags, .. state]);
        Assert.True(unchanged == 0, second);
        Assert.Equal(2, (await ProductProcess.RunAsync(["pause", "mesh-a", .. state])).ExitCode);
    }

    [Fact]
    public async Task Install_NoFlags_TellsWhichAreMissing()
    {
        var (exitCode, output) = await ProductProcess.RunAsync(["install", "--ca", "mesh_ca", .. State]);

        Assert.Equal(2, exitCode);
        foreach (var flag in (string[])["--project_id", "--cluster_name", "--cluster_location"])
        {
            Assert.Contains(flag, output, StringComparison.Ordinal);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
