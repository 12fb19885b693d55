using MeshWorkflow.Iam;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Tests.Services.Iam;

/// <summary>The steps on APIs, service agents and mesh configuration.</summary>
public sealed class ProjectStepsTests
{
    private const string Mesh = "mesh.googleapis.com";
    private const string MeshResource = $"//serviceusage.googleapis.com/projects/{SharedWorld.Apps}/services/{Mesh}";
    private const string AppsScope = $"project/{SharedWorld.Apps}";
    private const string FleetScope = $"project/{SharedWorld.Fleet}";
    private static readonly string[] FleetPools = ["prod-fleet.hub.id.goog", "prod-fleet.svc.id.goog"];

    [Fact]
    public async Task Apis_DisableOnUndo_AreBackAsBefore()
    {
        await using var service = await StartAsync();
        var step = service.Step("apis", AppsScope, Apis(disableOnUndo: true));

        var plan = await step.BringAboutAsync();

        Assert.All(plan.Changes, change => Assert.Equal(Undo.Exact, change.Undo));
        Assert.Contains("ENABLED", service.See(MeshResource), StringComparison.Ordinal);
        await step.RaiseEpochAsync("undo");
        Assert.Empty(await step.PutBackAsync());
        Assert.DoesNotContain("ENABLED", service.See(MeshResource) ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apis_ByDefault_AreKeptAndSaidSo()
    {
        await using var service = await StartAsync();
        var step = service.Step("apis", AppsScope, Apis());

        var plan = await step.BringAboutAsync();
        await step.RaiseEpochAsync("undo");

        Assert.All(plan.Changes, change => Assert.Contains("undo.disableApis", change.KeptBecause, StringComparison.Ordinal));
        Assert.Empty(await step.PutBackAsync());
        Assert.Contains("ENABLED", service.See(MeshResource), StringComparison.Ordinal);
        Assert.Empty((await service.Step("apis", AppsScope, Apis(), rollout: "other").PlanAsync()).Changes);
    }

    [Fact]
    public async Task Apis_CheckOnly_RefusesWithNamesAndFlag()
    {
        await using var service = await StartAsync();
        var spec = Apis();
        spec.CheckOnly = true;

        var reply = await service.Step("apis", AppsScope, spec).TryPlanAsync();

        Assert.Equal("APIS_DISABLED", reply.Refused.Reason);
        Assert.Contains(Mesh, reply.Refused.Message, StringComparison.Ordinal);
        Assert.Contains("--enable_gcp_apis", reply.Refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apis_RateQuotaUsedUp_WaitsAsLongAsItSays()
    {
        await using var service = await StartAsync();
        var step = service.Step("apis", AppsScope, Apis());
        await step.PlanAsync();
        service.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch { Api = "serviceusage", Method = "services.batchEnable" },
            Status = 429,
            Code = "RESOURCE_EXHAUSTED",
            Reason = "RATE_LIMIT_EXCEEDED",
            RetryAfterSeconds = 30,
        });

        var outcome = await step.ApplyAsync();
        var again = await step.ApplyAsync();

        Assert.Equal(Outcome.OutcomeOneofCase.Wait, outcome.OutcomeCase);
        Assert.True(outcome.Wait.NotBefore.ToDateTimeOffset() - TimeProvider.System.GetUtcNow() > TimeSpan.FromSeconds(20));
        Assert.Equal(Outcome.OutcomeOneofCase.Wait, again.OutcomeCase);
        Assert.Equal(1, service.Calls("serviceusage", "services.batchEnable"));
    }

    [Fact]
    public async Task ServiceAgents_OtherProject_GetTheirRolesAndLoseThemAgain()
    {
        await using var service = await StartAsync();
        var before = service.Bindings(SharedWorld.Apps);
        await service.Step("apis", FleetScope, new ApisSpec { Project = SharedWorld.Fleet, Services = { "meshconfig.googleapis.com" } }).BringAboutAsync();
        await service.Step("service-identities", FleetScope, new ServiceIdentitiesSpec { FleetProject = SharedWorld.Fleet }).BringAboutAsync();
        var step = service.Step(
            "service-agents", AppsScope, new ServiceAgentsSpec { Project = SharedWorld.Apps, FleetProject = SharedWorld.Fleet });

        var plan = await step.BringAboutAsync();

        Assert.Equal(2, plan.Changes.Single().Fields.Count);
        Assert.Contains("service-210987654321@gcp-sa-gkehub.iam.gserviceaccount.com", service.Bindings(SharedWorld.Apps), StringComparison.Ordinal);
        await step.RaiseEpochAsync("undo");
        Assert.Empty(await step.PutBackAsync());
        Assert.Equal(before, service.Bindings(SharedWorld.Apps));
    }

    [Fact]
    public async Task ServiceAgents_OwnProject_NothingToDo()
    {
        await using var service = await StartAsync();

        var plan = await service.Step(
            "service-agents", FleetScope, new ServiceAgentsSpec { Project = SharedWorld.Fleet, FleetProject = SharedWorld.Fleet }).PlanAsync();

        Assert.Empty(plan.Changes);
    }

    [Fact]
    public async Task MeshConfig_SecondRolloutWithOtherPools_ListOnlyGrows()
    {
        await using var service = await StartAsync();
        await service.Step("apis", FleetScope, new ApisSpec { Project = SharedWorld.Fleet, Services = { "meshconfig.googleapis.com" } }).BringAboutAsync();
        var first = service.Step("mesh-config-initialize", FleetScope, Initialize(FleetPools));
        await first.BringAboutAsync();

        await service.Step("mesh-config-initialize", FleetScope, Initialize(["prod-apps.svc.id.goog"]), rollout: "other").BringAboutAsync();

        Assert.Equal(
            "{\"workloadIdentityPools\":[\"prod-fleet.hub.id.goog\",\"prod-fleet.svc.id.goog\",\"prod-apps.svc.id.goog\"]}",
            service.See($"//meshconfig.googleapis.com/projects/{SharedWorld.Fleet}"));
        await first.RaiseEpochAsync("undo");
        Assert.Empty(await first.PutBackAsync());
        Assert.Contains("prod-fleet.hub.id.goog", service.See($"//meshconfig.googleapis.com/projects/{SharedWorld.Fleet}"), StringComparison.Ordinal);
        Assert.Empty((await service.Step("mesh-config-initialize", FleetScope, Initialize(FleetPools), rollout: "third").PlanAsync()).Changes);
    }

    [Fact]
    public async Task MeshConfig_ApiNotInEffectYet_Waits()
    {
        await using var service = await StartAsync();
        await service.Step("apis", FleetScope, new ApisSpec { Project = SharedWorld.Fleet, Services = { "meshconfig.googleapis.com" } }).BringAboutAsync();
        var step = service.Step("mesh-config-initialize", FleetScope, Initialize(FleetPools));
        await step.PlanAsync();
        service.Sandbox.Order(new FaultSpec { Match = new CallMatch { Api = "meshconfig" }, Reason = "SERVICE_DISABLED", Times = 1 });

        var outcome = await step.ApplyAsync();

        Assert.Equal(Outcome.OutcomeOneofCase.Wait, outcome.OutcomeCase);
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.ApplyAsync()).OutcomeCase);
    }

    private static Task<ServiceUnderTest> StartAsync() =>
        ServiceUnderTest.StartAsync(IamApp.AppId, IamApp.Build, SharedWorld.Make(["roles/owner"]), IamReflection.Descriptor);

    private static ApisSpec Apis(bool disableOnUndo = false) =>
        new() { Project = SharedWorld.Apps, Services = { Mesh, "meshconfig.googleapis.com", "container.googleapis.com" }, DisableOnUndo = disableOnUndo };

    private static MeshConfigInitializeSpec Initialize(IEnumerable<string> pools) =>
        new() { Project = SharedWorld.Fleet, WorkloadIdentityPools = { pools } };
}
