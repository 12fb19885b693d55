using System.Text.Json.Nodes;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.Preflight;

/// <summary>asmcli's own validations, one by one, by their numbers in its description: what we say of the same cluster, before any write.</summary>
public sealed class AsmcliVerdictTests
{
    private const string Object = "apis/hub.gke.io/v1/memberships";

    private static readonly WorldCluster Plain = SharedWorld.Cluster("mesh-a");

    /// <summary>The validation, the cluster, and our verdict with what it says.</summary>
    public static TheoryData<string, WorldCluster, string, string, string> Clusters { get; } = new()
    {
        { "A5, the API server can't be reached", Plain with { Quirks = [WorldQuirks.Unreachable] }, "API_SERVER_UNREACHABLE", "Refuse", "can't be reached" },
        { "B1, not registered", Plain, "CLUSTER_NOT_REGISTERED", "Refuse", "is not registered in the fleet of prod-fleet" },
        { "B1, in another fleet", Plain with { Membership = new WorldMembership(SharedWorld.Net, "mesh-a", "us-central1") }, "MEMBERSHIP_OBJECT_OF_OTHER_FLEET", "Refuse", "is in the fleet of prod-net, not of prod-fleet" },
        { "B1, no identity of the fleet", Member(workloadIdentity: false), "MEMBERSHIP_WITHOUT_IDENTITY", "Refuse", "without workload identity of the fleet" },
        { "B1, registered", Member(), "MEMBERSHIP_OBJECT", "Pass", "is of its membership" },
        { "C1, APIs", Plain, "APIS_DISABLED", "Refuse", "mesh.googleapis.com" },
        { "C2, workload identity", Plain with { WorkloadIdentity = false }, "WORKLOAD_IDENTITY_OFF", "Refuse", "mesh-a" },
        { "C3, Stackdriver", Plain with { LoggingService = "none" }, "CLOUD_OPERATIONS_OFF", "Refuse", "mesh-a" },
        { "C7, no label", Plain, "MESH_ID_MISSING", "Refuse", "lacks the label mesh_id=proj-210987654321" },
        { "C7, another mesh's label", Plain with { Labels = new Dictionary<string, string> { ["mesh_id"] = "proj-1" } }, "MESH_ID_DIFFERS", "Refuse", "'proj-1'" },
        { "C9, namespace", Plain, "MESH_NAMESPACE_MISSING", "Refuse", "has no namespace istio-system" },
        { "D1, Autopilot", Plain with { Autopilot = true }, "AUTOPILOT_CLUSTER", "Refuse", "mesh-a" },
        { "D2, node pools", Plain with { NodePools = [new WorldNodePool("small") { MachineType = "e2-medium" }] }, "CLUSTER_SMALL", "Notice", "mesh-a" },
        { "D3, Kubernetes", Plain with { Version = "1.14.10-gke.1" }, "KUBERNETES_TOO_OLD", "Refuse", "1.14" },
        { "D4, foreign istiod", Plain with { Objects = [Json("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"other"}}"""), Istiod("other")] }, "FOREIGN_CONTROL_PLANE", "Refuse", "other" },
        { "D5, gateway", Plain with { Objects = [Json("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"istio-system"}}"""), Gateway()] }, "LEGACY_GATEWAY_PRESENT", "Notice", "istio-ingressgateway" },
    };

    /// <summary>B1: objects that a fleet left in the cluster.</summary>
    public static TheoryData<string, string, string> Objects { get; } = new()
    {
        { """{"owner":{"id":"//gkehub.googleapis.com/projects/prod-fleet/locations/global/memberships/gone"},"identity_provider":"https://container.googleapis.com/v1/projects/prod-apps/locations/us-central1/clusters/mesh-a"}""", "MEMBERSHIP_OBJECT_STALE", "memberships/gone, and the fleet has no such membership" },
        { """{"owner":{"id":"//gkehub.googleapis.com/projects/999/locations/global/memberships/mesh-a"},"identity_provider":"https://container.googleapis.com/v1/projects/prod-apps/locations/us-central1/clusters/mesh-a"}""", "MEMBERSHIP_OBJECT_OF_OTHER_FLEET", "in the fleet of 999" },
        { """{"owner":{"id":""},"identity_provider":"https://gkehub.googleapis.com/projects/other/locations/global/memberships/mesh-a"}""", "MEMBERSHIP_OBJECT_OF_OTHER_FLEET", "in the fleet of other" },
    };

    [Theory]
    [MemberData(nameof(Clusters))]
    public async Task Check_WhatAsmcliValidates_IsToldByItsCode(string validation, WorldCluster cluster, string code, string verdict, string says)
    {
        await using var service = await PreflightUnderTest.StartAsync(cluster);

        var checks = await service.CheckApisAsync([new ProjectApis { Project = SharedWorld.Apps, Services = { "mesh.googleapis.com" } }], ahead: []);

        var check = Assert.Single(checks.Checks, one => one.Code == code);
        Assert.True(check.Verdict.ToString() == verdict, $"{validation}: {check}");
        Assert.Contains(says, check.Message, StringComparison.Ordinal);
        Assert.True(verdict == "Pass" || check.Remedy.Length > 0, validation);
        Assert.DoesNotContain(service.Sandbox.Journal(), entry => entry.Effects.Count > 0);
    }

    /// <summary>C8: an account, what the rollout will have done by then, and the verdict.</summary>
    public static TheoryData<string, string, string, string> Members { get; } = new()
    {
        { "user:ann@example.com", "", "MEMBER_ADMIN_MISSING", "Refuse" },
        { "user:ann@example.com", "cluster-admin-binding", "MEMBER_ADMIN_MISSING", "Pass" },
        { "user:ann@example.com", "roles", "MEMBER_ADMIN_MISSING", "Unknown" },
        { "group:mesh@example.com", "", "MEMBER_ADMIN_MISSING", "Refuse" },
        { "user:bound@example.com", "", "MEMBER_ADMIN", "Pass" },
        { SharedWorld.Owner, "", "MEMBER_ADMIN", "Pass" },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public async Task Check_AccountThatIsToAdminister_IsToldByWhatItMayDo(string member, string ahead, string code, string verdict)
    {
        await using var service = await PreflightUnderTest.StartAsync(Plain with
        {
            Objects =
            [
                Json("""
                    {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"theirs"},
                     "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
                     "subjects":[{"kind":"Group","name":"others","apiGroup":"rbac.authorization.k8s.io"},{"kind":"User","name":"bound@example.com","apiGroup":"rbac.authorization.k8s.io"}]}
                    """),
            ],
        });

        var checks = await service.CheckAsync(new PreflightFacts { Member = member, Ahead = { ahead.Split(' ', StringSplitOptions.RemoveEmptyEntries) } });

        var check = Assert.Single(checks.Checks, one => one.Code.StartsWith("MEMBER_ADMIN", StringComparison.Ordinal));
        Assert.Equal((code, verdict), (check.Code, check.Verdict.ToString()));
        Assert.Equal(code == "MEMBER_ADMIN_MISSING" && verdict != "Pass", check.Remedy.Contains("--enable_cluster_roles", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Sandbox.Journal(), entry => entry.Effects.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task Check_ObjectThatAFleetLeft_IsRefusedByItsOwner(string spec, string code, string says)
    {
        await using var service = await PreflightUnderTest.StartAsync(Plain);
        await service.Sandbox.ClusterAsync(
            "mesh-a", HttpMethod.Post, Object, $$$"""{"apiVersion":"hub.gke.io/v1","kind":"Membership","metadata":{"name":"membership"},"spec":{{{spec}}} }""");

        var refusal = (await service.CheckAsync()).Single(code, Verdict.Refuse);

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("kubectl delete memberships.hub.gke.io membership", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OwnerByTheProjectsNumber_IsTheSameFleet()
    {
        await using var service = await PreflightUnderTest.StartAsync(Member());
        await service.Sandbox.ClusterAsync(
            "mesh-a", HttpMethod.Patch, $"{Object}/membership", """{"spec":{"owner":{"id":"//gkehub.googleapis.com/projects/210987654321/locations/us-central1/memberships/mesh-a"}}}""");

        (await service.CheckAsync()).Single("MEMBERSHIP_OBJECT", Verdict.Pass);
    }

    private static WorldCluster Member(bool workloadIdentity = true) =>
        Plain with { Membership = new WorldMembership(SharedWorld.Fleet, "mesh-a", "us-central1") { WorkloadIdentity = workloadIdentity } };

    private static JsonObject Istiod(string place) => Json("""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"istiod","namespace":"PLACE","labels":{"app":"istiod"}},
         "spec":{"selector":{"matchLabels":{"app":"istiod"}},"template":{"metadata":{"labels":{"app":"istiod"}},"spec":{"containers":[{"name":"discovery","image":"istio/pilot"}]}}}}
        """.Replace("PLACE", place, StringComparison.Ordinal));

    private static JsonObject Gateway() =>
        Json("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"istio-ingressgateway","namespace":"istio-system"},"spec":{"ports":[{"port":80}]}}""");

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
