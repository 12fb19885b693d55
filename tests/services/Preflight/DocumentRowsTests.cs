using System.Text.Json.Nodes;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.Preflight;

/// <summary>S02: the managed control plane is recommended, and it never blocks.</summary>
public sealed class S02Tests
{
    [Fact]
    public async Task Check_AnyCluster_IsToldOfTheManagedControlPlaneAndNotStopped()
    {
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a"));

        var checks = await service.CheckAsync();

        Assert.StartsWith("https://cloud.google.com/", checks.Single("IN_CLUSTER_DEPRECATED", Verdict.Notice).Link, StringComparison.Ordinal);
        Assert.DoesNotContain(checks.Checks, check => check.Verdict is Verdict.Refuse);
    }
}

/// <summary>S04: all clusters of a mesh are in one fleet, and so are all others of their projects.</summary>
public sealed class S04Tests
{
    [Fact]
    public async Task Check_OthersOfTheProjectInAnotherFleet_AreAllNamed()
    {
        WorldCluster Away(string name) => SharedWorld.Cluster(name) with { Membership = new WorldMembership(SharedWorld.Net, name, "us-central1") };
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a"), Away("mesh-b"), Away("mesh-c"));

        var refusal = (await service.CheckAsync()).Single("OTHER_FLEET", Verdict.Refuse);

        Assert.Contains("us-central1/mesh-b", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("us-central1/mesh-c", refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Remedy);
        Assert.NotEmpty(refusal.Link);
    }

    [Fact]
    public async Task Check_MemberOfTheFleet_IsFine()
    {
        await using var service = await PreflightUnderTest.StartAsync(
            SharedWorld.Cluster("mesh-a") with { Membership = new WorldMembership(SharedWorld.Fleet, "mesh-a", "us-central1") });

        var checks = await service.CheckAsync();

        checks.Single("CLUSTER_REGISTERED", Verdict.Pass);
        checks.Single("ONE_FLEET", Verdict.Pass);
    }
}

/// <summary>S05: Autopilot clusters support the managed control plane only.</summary>
public sealed class S05Tests
{
    [Fact]
    public async Task Check_Autopilot_IsRefusedAndItsInsideIsNotLookedAt()
    {
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a") with { Autopilot = true });

        var checks = await service.CheckAsync();

        Assert.Contains("mesh-a", checks.Single("AUTOPILOT_CLUSTER", Verdict.Refuse).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(service.Sandbox.Journal(), entry => entry.Api == "kubernetes");
    }
}

/// <summary>What else preflight finds in a cluster.</summary>
public sealed class InClusterTests
{
    [Fact]
    public async Task Check_WebhookThatFailsClosedWithNobodyBehindIt_IsRefusedByName()
    {
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a") with { Objects = [Validator("istio-validator-old", "old", "Fail")] });

        Assert.Contains("istio-validator-old", (await service.CheckAsync()).Single("WEBHOOK_DEAD", Verdict.Refuse).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WebhookLeftOfThisRevision_IsRefusedByName()
    {
        await using var service = await PreflightUnderTest.StartAsync(
            SharedWorld.Cluster("mesh-a") with { Objects = [Validator("istio-validator-asm-1233-2-istio-system", "asm-1233-2", "Ignore")] });

        (await service.CheckAsync()).Single("WEBHOOK_CONFLICT", Verdict.Refuse);
    }

    [Fact]
    public async Task Check_NamespaceOnAnotherNetwork_IsRefused()
    {
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a") with
        {
            Objects = [Json("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"istio-system","labels":{"topology.istio.io/network":"elsewhere"}}}""")],
        });

        Assert.Contains("'elsewhere'", (await service.CheckAsync()).Single("NETWORK_LABEL_DIFFERS", Verdict.Refuse).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NamespaceMissingAndNotToBeMade_IsRefusedWithTheFlag()
    {
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a"));

        Assert.Contains("--enable_namespace_creation", (await service.CheckAsync(ahead: [])).Single("MESH_NAMESPACE_MISSING", Verdict.Refuse).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_GatewayOfAnInstallOfBefore_IsANotice()
    {
        await using var service = await PreflightUnderTest.StartAsync(SharedWorld.Cluster("mesh-a") with
        {
            Objects =
            [
                Json("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"istio-system"}}"""),
                Json("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"istio-ingressgateway","namespace":"istio-system"},"spec":{"ports":[{"port":80}]}}"""),
            ],
        });

        (await service.CheckAsync()).Single("LEGACY_GATEWAY_PRESENT", Verdict.Notice);
    }

    private static JsonObject Validator(string name, string revision, string policy) => Json($$$"""
        {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
         "metadata":{"name":"{{{name}}}","labels":{"app":"istiod","istio.io/rev":"{{{revision}}}"}},
         "webhooks":[{"name":"rev.validation.istio.io","failurePolicy":"{{{policy}}}","sideEffects":"None","admissionReviewVersions":["v1"],
           "clientConfig":{"service":{"name":"istiod-{{{revision}}}","namespace":"istio-system","path":"/validate"}},
           "rules":[{"apiGroups":["networking.istio.io"],"apiVersions":["*"],"operations":["CREATE"],"resources":["*"]}]}]}
        """);

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
