using System.Text;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Tests.Services;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Rollouts;

public sealed class RolloutTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Install_OneCluster_BringsAboutThePlan()
    {
        await using var product = await ProductUnderTest.StartAsync();
        var before = product.Sandbox.Snapshot();

        var ended = await product.RunAsync(Requests.OneCluster());

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        var after = product.Sandbox.Snapshot();
        Requests.AssertInstalled(before, after);
        Assert.Equal("proj-210987654321", after.Resources[Requests.MeshA]["resourceLabels"]?["mesh_id"]?.GetValue<string>());
        var labels = after.Resources[$"{Requests.MeshA}/k8s/namespaces/istio-system"]["metadata"]?["labels"];
        Assert.Equal("demo-apps-vpc-apps", labels?["topology.istio.io/network"]?.GetValue<string>());
    }

    [Theory]
    [InlineData("gkehub", "memberships.create", 0)]
    [InlineData("container", "clusters.setResourceLabels", 1)]
    [InlineData("kubernetes", "create namespaces", 1)]
    [InlineData("kubernetes", "patch deployments", 2)]
    [InlineData("kubernetes", "patch mutatingwebhookconfigurations", 2)]
    public async Task Install_StepRefused_UndoesTheOthersExactly(string api, string method, int written)
    {
        await using var product = await ProductUnderTest.StartAsync();
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch(api, method), Code = api == "kubernetes" ? "Forbidden" : "PERMISSION_DENIED" });

        var ended = await product.RunAsync(Requests.OneCluster());

        string[] writes = ["memberships.create", "create namespaces"];
        Assert.Equal(writes[..written], product.Writes().Select(entry => entry.Method).Intersect(writes));
        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Assert.Equal(ClusterState.Compensated, Assert.Single(ended.Clusters).State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_SecondClusterFails_FirstStands()
    {
        await using var product = await ProductUnderTest.StartAsync();
        var before = product.Sandbox.Snapshot();
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("container", "clusters.setResourceLabels", Requests.MeshB) });

        var ended = await product.RunAsync(Requests.BothClusters());

        Assert.Equal(RolloutState.CompletedWithFailures, ended.Rollout.State);
        Assert.Equal([ClusterState.Succeeded, ClusterState.Compensated], ended.Clusters.Select(cluster => cluster.State));
        Requests.AssertInstalled(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_FirstClusterFails_SecondIsNotBegun()
    {
        await using var product = await ProductUnderTest.StartAsync();
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("container", "clusters.setResourceLabels", Requests.MeshA) });

        var ended = await product.RunAsync(Requests.BothClusters());

        Assert.Equal([ClusterState.Compensated, ClusterState.Skipped], ended.Clusters.Select(cluster => cluster.State));
        Assert.Equal("BUDGET_EXHAUSTED", ended.Clusters[1].Reason);
        Assert.DoesNotContain(product.Writes(), entry => entry.Resource.StartsWith(Requests.MeshB, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Install_Again_WritesNothing()
    {
        await using var product = await ProductUnderTest.StartAsync();
        await product.RunAsync(Requests.BothClusters());
        Assert.NotEmpty(product.Writes());
        var last = product.Sandbox.Journal()[^1].Number;

        var again = await product.RunAsync(Requests.BothClusters());

        Assert.Equal("test-g2", again.Rollout.Id);
        Assert.Equal(RolloutState.Succeeded, again.Rollout.State);
        Assert.Empty(product.Writes(last));
    }

    [Fact]
    public async Task Rollback_AHumanChangedALabelMeanwhile_TheirValueSurvivesAndIsNamed()
    {
        await using var product = await ProductUnderTest.StartAsync();
        var installed = await product.RunAsync(Requests.OneCluster());
        await product.Sandbox.ClusterAsync(
            "mesh-a", HttpMethod.Patch, "api/v1/namespaces/istio-system", """{"metadata":{"labels":{"topology.istio.io/network":"by-hand"}}}""");

        await product.RollBackAsync(installed.Rollout.Id);
        var ended = await product.EndAsync(installed.Rollout.Id);

        var labels = product.Sandbox.Snapshot().Resources[$"{Requests.MeshA}/k8s/namespaces/istio-system"]["metadata"]?["labels"];
        Assert.Equal("by-hand", labels?["topology.istio.io/network"]?.GetValue<string>());
        var residue = Assert.Single(ended.Clusters).Residue;
        Assert.Contains(residue, line => line.Path.Contains("topology.istio.io/network", StringComparison.Ordinal) && line.Found == "\"by-hand\"");
        Assert.Equal(RolloutState.CompensationIncomplete, ended.Rollout.State);
    }

    [Fact]
    public async Task Rollback_AHumanPutSomethingIntoTheNamespace_ItStays()
    {
        await using var product = await ProductUnderTest.StartAsync();
        var installed = await product.RunAsync(Requests.OneCluster());
        await product.Sandbox.ClusterAsync(
            "mesh-a",
            HttpMethod.Post,
            "api/v1/namespaces/istio-system/configmaps",
            """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"of-ann"},"data":{"a":"b"}}""");

        await product.RollBackAsync(installed.Rollout.Id);
        var ended = await product.EndAsync(installed.Rollout.Id);

        Assert.Contains($"{Requests.MeshA}/k8s/namespaces/istio-system/configmaps/of-ann", product.Sandbox.Snapshot().Resources.Keys);
        Assert.Contains(Assert.Single(ended.Clusters).Residue, line => line.Ours && line.Reason.Contains("configmaps/of-ann", StringComparison.Ordinal));
        Assert.Equal(RolloutState.CompensationIncomplete, ended.Rollout.State);
    }

    [Fact]
    public async Task Rollback_CallGivenUpUnanswered_WritesNothingAfterTheEnd()
    {
        await using var product = await ProductUnderTest.StartAsync(
            Fleets.Of(1), ("Rollouts:CallTimeout", "00:00:02"), ("Rollouts:UndoGiveUpAfter", "00:00:01"), ("Rollouts:UnansweredWait", "00:00:02"));
        var before = product.Sandbox.Snapshot();
        var installed = await product.RunAsync(Fleets.Request(1));
        Assert.Equal(RolloutState.Succeeded, installed.Rollout.State);
        product.Sandbox.Order(FaultPlan.Read("faults:\n- { name: slow, match: { api: kubernetes, method: delete configmaps }, delay: { from: 1s, to: 1s } }", "plan"));

        await product.RollBackAsync(installed.Rollout.Id);
        var ended = await product.EndAsync(installed.Rollout.Id);
        var last = product.Sandbox.Journal()[^1].Number;
        await Waits.UntilAsync(() => product.Calls.Seen.All(call => call.HasEnded), () => "A call of a service has not ended.");

        Assert.Equal((ClusterState.CompensationIncomplete, "CALL_LOST"), (ended.Clusters[0].State, ended.Clusters[0].Reason));
        Assert.Empty(product.Writes(last));

        product.Sandbox.Cancel("slow");
        await product.RollBackAsync(installed.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(installed.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Run_Whole_LeavesNoSecretInLogsOrState()
    {
        await using var product = await ProductUnderTest.StartProcessAsync();
        await product.RunAsync(Requests.BothClusters());
        var token = await File.ReadAllTextAsync(product.State.TokenFile, Token);
        var credentials = await File.ReadAllTextAsync(product.Sandbox.Addresses.CredentialsFile, Token);
        var key = System.Text.Json.Nodes.JsonNode.Parse(credentials)?["private_key"]?.GetValue<string>().Split('\n')[1] ?? "";
        await product.KillAsync();

        var state = Directory.EnumerateFiles(product.State.Path, "state.db*")
            .Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)))
            .Aggregate("", string.Concat);
        Assert.Contains("demo-apps", state, StringComparison.Ordinal);
        foreach (var secret in (string[])[token, key, "Bearer ", "sandbox.", "PRIVATE KEY"])
        {
            Assert.NotEmpty(secret);
            Assert.DoesNotContain(secret, state, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, product.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_Whole_LogsCarryRolloutClusterAndStep()
    {
        await using var product = await ProductUnderTest.StartProcessAsync();
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("container", "clusters.setResourceLabels") });
        await product.RunAsync(Requests.OneCluster());
        await product.KillAsync();

        Assert.Contains(product.Output.Split('\n'), line => line.Contains("Rollout:test-g1", StringComparison.Ordinal)
            && line.Contains("Scope:cluster/demo-apps/us-central1/mesh-a", StringComparison.Ordinal)
            && line.Contains("Step:mesh-id", StringComparison.Ordinal));
        Assert.Contains(product.Output.Split('\n'), line => line.Contains("Rollout:test-g1", StringComparison.Ordinal)
            && line.Contains("Cluster:demo-apps/us-central1/mesh-a", StringComparison.Ordinal)
            && line.Contains("Step:fleet-membership", StringComparison.Ordinal));
    }
}
