using MeshWorkflow.Certificates;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.Certificates;

public sealed class MeshCaStepTests
{
    private const string Scope = $"project/{SharedWorld.Apps}";

    [Fact]
    public async Task Plan_MeshCaOffInTheFleet_IsRefusedWithFlag()
    {
        await using var service = await StartAsync();

        var reply = await service.Step("mesh-ca", Scope, Spec()).TryPlanAsync();

        Assert.Equal("MESH_CA_DISABLED", reply.Refused.Reason);
        Assert.Contains("--enable_gcp_apis", reply.Refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BringAbout_PoolsUnknown_AreSentAndKept()
    {
        await using var service = await StartAsync();
        await service.AsOwnerAsync(HttpMethod.Post, $"serviceusage/v1/projects/{SharedWorld.Apps}/services/meshconfig.googleapis.com:enable", new System.Text.Json.Nodes.JsonObject());
        var spec = Spec();
        spec.EnablesApis = true;
        var step = service.Step("mesh-ca", Scope, spec);

        var plan = await step.BringAboutAsync();
        await step.RaiseEpochAsync("undo");

        Assert.Equal(Undo.Kept, plan.Changes.Single().Undo);
        Assert.Empty(await step.PutBackAsync());
        Assert.Contains("prod-apps.svc.id.goog", service.See($"//meshconfig.googleapis.com/projects/{SharedWorld.Apps}"), StringComparison.Ordinal);
        Assert.Empty((await service.Step("mesh-ca", Scope, spec, rollout: "other").PlanAsync()).Changes);
    }

    private static Task<ServiceUnderTest> StartAsync() => ServiceUnderTest.StartAsync(
        CertificatesApp.AppId, CertificatesApp.Build, SharedWorld.Make(["roles/owner"]), CertificatesReflection.Descriptor);

    private static MeshCaSpec Spec() => new()
    {
        Project = SharedWorld.Apps,
        FleetProject = SharedWorld.Fleet,
        WorkloadIdentityPools = { "prod-fleet.svc.id.goog", "prod-apps.svc.id.goog" },
    };
}
