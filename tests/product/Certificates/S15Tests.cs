using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>S15: CA Service for one cluster and a fleet: verified before the first write, prepared once, put back by the last.</summary>
public sealed class S15Tests
{
    [Fact]
    public async Task Install_FleetWithPoolAndTemplate_IsPreparedOnceAndUndoneWhole()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.WithPool(2));
        var before = product.Sandbox.Snapshot();
        var request = Fleets.Request(2, "  rollout: { stages: [{ name: all, maxConcurrent: 2 }] }")
            .By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}', template: '{Authorities.Template}', enablePolicy: true }}");

        var ended = await product.RunAsync(request);

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        var world = product.Sandbox.Snapshot();
        Assert.Contains("spiffe://demo-fleet.svc.id.goog/ns/", world.Resources[Authorities.PoolResource]["issuancePolicy"]!.ToJsonString().Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(Authorities.Member, world.Resources[$"{Authorities.PoolResource}/iamPolicy"].ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(Authorities.Member, world.Resources[$"//privateca.googleapis.com/{Authorities.Template}/iamPolicy"].ToJsonString(), StringComparison.Ordinal);
        Assert.Single(product.Sandbox.Journal(), entry => entry.Method == "caPools.patch");
        Assert.Single(product.Writes(), entry => entry.Method == "caPools.setIamPolicy");
        foreach (var cluster in (string[])["c1", "c2"])
        {
            Assert.Contains("CA_PROVIDER: GoogleCAS", world.Resources[Authorities.Mesh(cluster)]["data"]!["mesh"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Contains($"{Authorities.Pool}:{Authorities.Template}", world.Resources[Authorities.Values(cluster)]["data"]!["values"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.False(world.Resources.ContainsKey(Authorities.CaCerts(cluster)));
        }

        await product.RollBackAsync(ended.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(ended.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_FleetWithoutMember_GrantsAccessOnceItHasOne()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.WithOpenPool(3));
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("gkehub", "memberships.create", Fleets.Member("c1")) });
        var request = Fleets.Request(3, "  rollout: { stages: [{ name: all, maxConcurrent: 3, failureBudget: 1 }] }")
            .By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}', template: '{Authorities.Template}' }}");

        var ended = await product.RunAsync(request);

        Assert.Equal([ClusterState.Compensated, ClusterState.Succeeded, ClusterState.Succeeded], ended.Clusters.Select(cluster => cluster.State));
        var signers = ended.Scopes.Where(scope => scope.Scope.Kind is not ScopeKind.Project).ToList();
        Assert.Equal(2, signers.Count);
        Assert.All(signers, scope => Assert.Equal((ClusterState.Succeeded, null), (scope.State, scope.Reason)));
        Assert.All(signers, scope => Assert.Contains(scope.Events, happened => happened.Outcome == nameof(ClusterState.Pending)));
        foreach (var method in (string[])["caPools.setIamPolicy", "certificateTemplates.setIamPolicy"])
        {
            var granted = Assert.Single(product.Writes(), entry => entry.Method == method);
            Assert.True(granted.Number > product.Writes().First(entry => entry.Method == "memberships.create").Number);
        }
    }

    [Fact]
    public async Task Install_AccessRefusedOnceTheFleetHasAMember_IsUndoneWhole()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.WithOpenPool(1));
        var before = product.Sandbox.Snapshot();
        var hold = product.Sandbox.Hold(new HoldSpec(new CallMatch("gkehub", "memberships.create"), HoldPoint.BeforeEffect));
        var id = await product.BeginAsync(Fleets.Request(1).By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}', enablePolicy: true }}"));
        await product.Sandbox.ReachedAsync(hold).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("privateca", "caPools.setIamPolicy") });
        product.Sandbox.Release(hold, HoldAction.Proceed);

        var ended = await product.EndAsync(id);

        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Assert.Equal((ClusterState.Compensated, "SCOPE_FAILED"), (ended.Clusters[0].State, ended.Clusters[0].Reason));
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_SecondTime_ChangesNothing()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.WithPool(1));
        var request = Fleets.Request(1).By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}', enablePolicy: true }}");
        Assert.Equal(RolloutState.Succeeded, (await product.RunAsync(request)).Rollout.State);
        var number = product.Sandbox.Journal()[^1].Number;

        Assert.Equal(RolloutState.Succeeded, (await product.RunAsync(request)).Rollout.State);

        Assert.Empty(product.Writes(number));
    }

    [Fact]
    public async Task Install_PoolThatCantSign_IsRefusedBeforeTheFirstWrite()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.WithOpenPool(2, "STAGED"));

        var ended = await product.RunAsync(Fleets.Request(2).By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}' }}"));

        Assert.Equal(RolloutState.Refused, ended.Rollout.State);
        Assert.All(ended.Clusters, cluster => Assert.Equal((ClusterState.Skipped, "CA_NOT_ENABLED"), (cluster.State, cluster.Reason)));
        Assert.Empty(product.Writes());
    }

    [Fact]
    public async Task Install_ApiStillOff_IsFoundOutAfterItIsOnAndRolesArePutBack()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.WithPool(1, "DISABLED"));
        var before = product.Sandbox.Snapshot();

        var ended = await product.RunAsync(Fleets.Request(1).By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}' }}"));

        Assert.Equal(RolloutState.Compensated, ended.Rollout.State);
        Assert.Contains(ended.Scopes, scope => scope.Reason == "CA_NOT_ENABLED");
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_TwoRegions_EachClusterHasThePoolOfItsOwn()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.InTwoRegions());
        var before = product.Sandbox.Snapshot();
        var west = Authorities.Pool.Replace("us-central1", "europe-west1", StringComparison.Ordinal);

        var ended = await product.RunAsync(Requests.BothClusters().By($"{{ type: gcp_cas, pools: [{{ caPool: '{Authorities.Pool}' }}, {{ caPool: '{west}' }}] }}"));

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        var world = product.Sandbox.Snapshot();
        string Values(string resource) => world.Resources[$"{resource}/k8s/namespaces/istio-system/configmaps/istio-sidecar-injector-asm-1233-2"].ToJsonString();
        Assert.Contains(Authorities.Pool, Values(Requests.MeshA), StringComparison.Ordinal);
        Assert.Contains(west, Values(Requests.MeshB), StringComparison.Ordinal);
        Assert.Equal(2, product.Writes().Count(entry => entry.Method == "caPools.setIamPolicy"));

        await product.RollBackAsync(ended.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(ended.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_OneOfTwoPoolsCantSign_OnlyItsClustersDoNotBegin()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.InTwoRegions("STAGED"));
        var west = Authorities.Pool.Replace("us-central1", "europe-west1", StringComparison.Ordinal);

        var ended = await product.RunAsync(Requests.BothClusters().By($"{{ type: gcp_cas, pools: [{{ caPool: '{Authorities.Pool}' }}, {{ caPool: '{west}' }}] }}"));

        Assert.Equal(RolloutState.CompletedWithFailures, ended.Rollout.State);
        Assert.Equal([ClusterState.Succeeded, ClusterState.Skipped], ended.Clusters.Select(cluster => cluster.State));
        Assert.Contains(ended.Scopes, scope => scope.Reason == "CA_NOT_ENABLED");
        Assert.DoesNotContain(product.Sandbox.Snapshot().Resources.Keys, name => name.StartsWith($"{Requests.MeshB}/k8s/namespaces/istio-system", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("one", "two")]
    [InlineData("two", "one")]
    public async Task Rollback_TwoRolloutsOnOnePool_EitherMayGoFirst(string first, string second)
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.WithPool(2));
        var before = product.Sandbox.Snapshot();
        Assert.Equal(RolloutState.Succeeded, (await product.RunAsync(Of("one", "c1"))).Rollout.State);
        Assert.Equal(RolloutState.Succeeded, (await product.RunAsync(Of("two", "c2"))).Rollout.State);

        await product.RollBackAsync($"{first}-g1");
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync($"{first}-g1")).Rollout.State);
        Assert.Contains(Authorities.Member, product.Sandbox.Snapshot().Resources[$"{Authorities.PoolResource}/iamPolicy"].ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(product.Sandbox.Snapshot().Resources[Authorities.PoolResource]["issuancePolicy"]);
        await product.RollBackAsync($"{second}-g1");
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync($"{second}-g1")).Rollout.State);

        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Plan_PolicyAndAccess_AreShownWithTheirUndo()
    {
        await using var product = await ProductUnderTest.StartAsync(Authorities.WithOpenPool(1));
        using var client = product.Client();

        var plan = await client.PlanAsync(
            Fleets.Request(1).By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}', enablePolicy: true }}"), TestContext.Current.CancellationToken);

        var pool = plan.Scopes.Single(scope => scope.Scope == $"ca-pool/{Authorities.Pool}");
        Assert.Equal(["ca-pool", "ca-access"], pool.Steps.Where(step => step.Changes.Count > 0).Select(step => step.Step));
        var policy = pool.Steps[0].Changes.Single();
        Assert.Equal(("exact", null), (policy.Undo, policy.Fields[0].Before));
        Assert.Contains("startsWith", policy.Fields[0].After, StringComparison.Ordinal);
        Assert.Empty(plan.Problems);
        Assert.Empty(product.Writes());
    }

    private static string Of(string name, string cluster) => Fleets.Request(1, name: name)
        .Replace("name: c1", $"name: {cluster}", StringComparison.Ordinal)
        .By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}', enablePolicy: true }}");
}
