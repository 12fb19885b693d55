using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.Preflight;

/// <summary>Three ways to reach a cluster: its endpoint, Connect Gateway, an HTTPS proxy. Preflight tries, and says which one failed how.</summary>
public sealed class S06Tests
{
    private static readonly WorldMembership Member = new(SharedWorld.Fleet, "mesh-a", "us-central1");

    [Fact]
    public async Task Check_EndpointFailsAndGatewayAnswers_IsToldWithTheWayThatWouldDo()
    {
        await using var service = await PreflightUnderTest.StartAsync(
            SharedWorld.Cluster("mesh-a") with { Quirks = [WorldQuirks.EndpointClosed], Membership = Member });

        var refusal = (await service.CheckAsync()).Single("API_SERVER_UNREACHABLE", Verdict.Refuse);

        Assert.Contains("endpoint: ", refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.Message.Contains("Connect Gateway: answers", StringComparison.Ordinal), refusal.Message);
        Assert.Contains("access: connectGateway", refusal.Remedy, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Link);
    }

    [Fact]
    public async Task Check_ThroughGateway_ReachesWhatTheEndpointDoesNot()
    {
        await using var service = await PreflightUnderTest.StartAsync(
            SharedWorld.Cluster("mesh-a") with { Quirks = [WorldQuirks.EndpointClosed], Membership = Member });

        var checks = await service.CheckAsync(PreflightUnderTest.Cluster(new ClusterAccess { ConnectGateway = true, FleetProject = SharedWorld.Fleet }));

        Assert.Contains("Connect Gateway", checks.Single("API_SERVER_REACHABLE", Verdict.Pass).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(checks.Checks, check => check.Verdict is Verdict.Refuse);
    }

    [Fact]
    public async Task Check_GatewayAndNoMember_IsToldAndTheEndpointWouldDo()
    {
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a"));

        var refusal = (await service.CheckAsync(PreflightUnderTest.Cluster(new ClusterAccess { ConnectGateway = true, FleetProject = SharedWorld.Fleet })))
            .Single("API_SERVER_UNREACHABLE", Verdict.Refuse);

        Assert.Contains("is no member of the fleet", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("endpoint: answers", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ThroughAProxy_GoesThere()
    {
        await using var proxy = new ConnectProxy();
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a"));

        var checks = await service.CheckAsync(PreflightUnderTest.Cluster(new ClusterAccess { HttpsProxy = proxy.Address }));

        Assert.Contains(proxy.Address, checks.Single("API_SERVER_REACHABLE", Verdict.Pass).Message, StringComparison.Ordinal);
        Assert.Contains(proxy.Targets, target => target == service.Sandbox.Addresses.Clusters[0].Server.Authority);
    }

    [Fact]
    public async Task Check_ProxyThatRefuses_IsNamedAndTheEndpointWouldDo()
    {
        await using var proxy = new ConnectProxy { Refuses = true };
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a"));

        var refusal = (await service.CheckAsync(PreflightUnderTest.Cluster(new ClusterAccess { HttpsProxy = proxy.Address })))
            .Single("API_SERVER_UNREACHABLE", Verdict.Refuse);

        Assert.Contains($"endpoint through the proxy {proxy.Address}: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("403", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("leave access, kubeconfig and httpsProxy out", refusal.Remedy, StringComparison.Ordinal);
    }
}
