using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.Control;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>What preflight saw otherwise is asked again for as long as a step is patient: a cluster that is away, a token that ended.</summary>
public sealed class PassingRefusalTests
{
    // More than a cluster's own workflow looks by itself: the rest is looked at by the wait that it begins.
    private const int Often = 12;
    private static readonly RolloutRun Run = new("test", 1);
    private static readonly StepScope Cluster = StepScope.Parse("cluster/demo-apps/us-central1/c1");

    [Theory]
    [InlineData("CLUSTER_NOT_FOUND")]
    [InlineData("CLUSTER_CREDENTIALS_REJECTED")]
    [InlineData("CREDENTIALS_REJECTED")]
    public async Task Install_RefusedForAWhile_Succeeds(string reason)
    {
        var (verdict, taken, planned) = await InstallAsync(reason, Often, patience: 60_000);

        Assert.Equal(new ScopeVerdict(ClusterState.Succeeded), verdict);
        Assert.Equal((Often + 1, Often + 1), (taken, planned));
    }

    [Fact]
    public async Task Install_RefusedToTheEndOfPatience_FailsWithTheReason()
    {
        var (verdict, _, planned) = await InstallAsync("CLUSTER_NOT_FOUND", int.MaxValue, patience: 300, isTaken: true);

        Assert.Equal(new ScopeVerdict(ClusterState.Skipped, "CLUSTER_NOT_FOUND"), verdict);
        Assert.True(planned > 1);
    }

    [Fact]
    public async Task Install_RefusedForGood_IsNotAskedAgain()
    {
        var (verdict, _, planned) = await InstallAsync("PERMISSION_DENIED", Often, patience: 60_000, isTaken: true);

        Assert.Equal((new ScopeVerdict(ClusterState.Skipped, "PERMISSION_DENIED"), 1), (verdict, planned));
    }

    // A cluster with one step: taking and planning are each refused so often, then there is nothing to do.
    private static async Task<(ScopeVerdict? Verdict, int Taken, int Planned)> InstallAsync(string reason, int refusals, long patience, bool isTaken = false)
    {
        var (taken, planned) = (0, 0);
        var refused = new StepResult(StepResultKind.Refused, Reason: reason, Message: "It is refused.");
        await using var workflows = await WorkflowsUnderTest.StartAsync(options =>
        {
            options.RegisterWorkflow<ClusterInstall>();
            options.RegisterWorkflow<StepWait>();
            options.RegisterActivity<ScopeRecord, bool>(nameof(RecordScope), (_, _) => Task.FromResult(true));
            options.RegisterActivity<ControlInput, ControlState>(nameof(ReadControl), (_, _) => Task.FromResult(new ControlState(0, null, IsApproved: false)));
            options.RegisterActivity<ScopeClaim, StepResult>(nameof(EndCluster), (_, _) => Task.FromResult(new StepResult(StepResultKind.Done)));
            options.RegisterActivity<ScopeClaim, Begun>(nameof(BeginCluster), (_, _) => Task.FromResult(
                Interlocked.Increment(ref taken) > refusals || isTaken ? new Begun(1, new StepResult(StepResultKind.Done), ["control-plane/mesh-id"]) : new Begun(0, refused)));
            options.RegisterActivity<StepRequest, StepResult>(nameof(PlanStep), (_, _) => Task.FromResult(
                Interlocked.Increment(ref planned) > refusals ? new StepResult(StepResultKind.Done) : refused));
        });

        var timing = new Timing(45_000, 1, 5, patience, 3_600_000, 40_000, 20, 200, 600_000);
        var (_, verdict) = await workflows.RunAsync<ScopeVerdict>(nameof(ClusterInstall), "install", new ClusterInstallInput(Run, Cluster, timing, IsHeld: false));
        return (verdict, taken, planned);
    }
}
