using System.Text.Json.Nodes;
using MeshWorkflow.Iam;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Traffic;
using StepsClient = MeshWorkflow.Protos.Steps.V1.Steps.StepsClient;

namespace MeshWorkflow.Tests.Services.Iam;

public sealed class RolesStepTests
{
    private const string Scope = $"project/{SharedWorld.Apps}";
    private static readonly string[] Wanted = ["roles/container.admin", "roles/meshconfig.admin"];
    private static readonly string[] Administering = [.. SharedWorld.Looking, "roles/resourcemanager.projectIamAdmin"];

    [Fact]
    public async Task BringAbout_MissingRoles_OneWriteThatUndoTakesBackExactly()
    {
        await using var service = await StartAsync(Administering);
        var before = service.Bindings(SharedWorld.Apps);
        var step = service.Step("roles", Scope, Spec());

        var plan = await step.BringAboutAsync();

        Assert.Equal(2, plan.Changes.Single().Fields.Count);
        Assert.Equal(1, service.Calls("cloudresourcemanager", "projects.setIamPolicy"));
        Assert.Contains("roles/meshconfig.admin", service.Bindings(SharedWorld.Apps), StringComparison.Ordinal);
        Assert.Contains("request.time", service.Bindings(SharedWorld.Apps), StringComparison.Ordinal);
        await step.RaiseEpochAsync("undo");
        Assert.Empty(await step.PutBackAsync());
        Assert.Equal(before, service.Bindings(SharedWorld.Apps));
        Assert.Empty(await step.PutBackAsync());
        Assert.Equal(2, service.Calls("cloudresourcemanager", "projects.setIamPolicy"));
    }

    [Fact]
    public async Task Apply_Twice_WritesOnce()
    {
        await using var service = await StartAsync(Administering);
        var step = service.Step("roles", Scope, Spec());
        await step.PlanAsync();

        await step.ApplyAsync();
        var again = await step.ApplyAsync();

        Assert.Equal(Outcome.OutcomeOneofCase.Done, again.OutcomeCase);
        Assert.Equal(1, service.Calls("cloudresourcemanager", "projects.setIamPolicy"));
    }

    [Fact]
    public async Task Plan_AfterItStands_ChangesNothingAndRelies()
    {
        await using var service = await StartAsync(Administering);
        await service.Step("roles", Scope, Spec()).BringAboutAsync();

        var plan = await service.Step("roles", Scope, Spec(), rollout: "other").PlanAsync();

        Assert.Empty(plan.Changes);
        Assert.Equal(2, plan.ReliesOn.Count);
    }

    [Fact]
    public async Task Plan_PermissionsFromElsewhere_GrantsNothing()
    {
        await using var service = await StartAsync(["roles/owner"]);

        var plan = await service.Step("roles", Scope, Spec()).PlanAsync();

        Assert.Empty(plan.Changes);
        Assert.Equal(0, service.Calls("cloudresourcemanager", "projects.getIamPolicy"));
    }

    [Fact]
    public async Task Plan_CheckOnly_RefusesWithRolesAndFlag()
    {
        await using var service = await StartAsync(Administering);
        var spec = Spec();
        spec.CheckOnly = true;

        var reply = await service.Step("roles", Scope, spec).TryPlanAsync();

        Assert.Equal("ROLES_MISSING", reply.Refused.Reason);
        Assert.Contains("roles/container.admin, roles/meshconfig.admin", reply.Refused.Message, StringComparison.Ordinal);
        Assert.Contains("--enable_gcp_iam_roles", reply.Refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_MayNotGrant_RefusesBeforeAnyWrite()
    {
        await using var service = await StartAsync([.. SharedWorld.Looking, "roles/browser"]);

        var reply = await service.Step("roles", Scope, Spec()).TryPlanAsync();

        Assert.Equal("ROLES_MISSING", reply.Refused.Reason);
        Assert.Contains("resourcemanager.projects.setIamPolicy", reply.Refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revert_OthersChangedThePolicy_TheirsStays()
    {
        await using var service = await StartAsync(Administering);
        var step = service.Step("roles", Scope, Spec());
        await step.BringAboutAsync();
        await GrantAsOwnerAsync(service, "roles/meshconfig.admin", "user:ann@example.com");

        await step.RaiseEpochAsync("undo");
        await step.PutBackAsync();

        Assert.Contains("{\"role\":\"roles/meshconfig.admin\",\"members\":[\"user:ann@example.com\"]}", service.Bindings(SharedWorld.Apps), StringComparison.Ordinal);
        Assert.DoesNotContain("roles/container.admin", service.Bindings(SharedWorld.Apps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_DeliveredAfterUndo_WritesNothing()
    {
        await using var service = await StartAsync(Administering);
        var before = service.Bindings(SharedWorld.Apps);
        var step = service.Step("roles", Scope, Spec());
        await step.PlanAsync();
        await step.RaiseEpochAsync("install");
        var late = step.Epoch;
        await step.RaiseEpochAsync("undo");

        var outcome = await step.ApplyAsync(late);

        Assert.Equal("EPOCH_PASSED", outcome.Refused.Reason);
        Assert.Equal(before, service.Bindings(SharedWorld.Apps));
    }

    [Fact]
    public async Task Verify_GrantedAndNotInEffect_WaitsForThePermissionsByName()
    {
        await using var service = await StartAsync(Administering);
        var spec = Spec();
        spec.Permissions.Add("compute.firewalls.create");
        var step = service.Step("roles", Scope, spec);
        await step.PlanAsync();
        await step.ApplyAsync();

        var outcome = await new StepsClient(service.Invoker).VerifyAsync(
            new VerifyRequest
            {
                Call = new Call { Rollout = "test", Generation = 1, Scope = Scope, Step = "roles", Attempt = 1 },
                LedgerKey = step.LedgerKey,
                Side = Side.After,
            },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("not in effect yet: compute.firewalls.create", outcome.Wait.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apis")]
    [InlineData("")]
    public async Task Plan_ApiOff_IsUnknownOnlyWhileApisAreAhead(string ahead)
    {
        await using var service = await StartAsync(Administering);
        service.Sandbox.Order(new FaultSpec { Match = new CallMatch { Api = "cloudresourcemanager" }, Reason = "SERVICE_DISABLED" });
        var request = new PlanRequest
        {
            Call = new Call { Rollout = "test", Generation = 1, Scope = Scope, Step = "roles", Attempt = 1 },
            Spec = Google.Protobuf.WellKnownTypes.Any.Pack(Spec()),
            Ahead = { ahead },
        };

        var reply = await new StepsClient(service.Invoker).PlanAsync(request, cancellationToken: TestContext.Current.CancellationToken);

        if (ahead.Length > 0)
        {
            Assert.Empty(reply.Planned.Changes);
            Assert.Equal("UNKNOWN_UNTIL", reply.Planned.Notices.Single().Code);
        }
        else
        {
            Assert.Equal("API_DISABLED", reply.Refused.Reason);
        }
    }

    [Fact]
    public async Task Plan_UnknownMember_IsRefusedAtApplyWithItsName()
    {
        await using var service = await StartAsync(Administering);
        var spec = Spec();
        spec.Member = "serviceAccount:nobody@prod-fleet.iam.gserviceaccount.com";
        var step = service.Step("roles", Scope, spec);
        await step.PlanAsync();

        var outcome = await step.ApplyAsync();

        Assert.Equal("POLICY_NOT_ACCEPTED", outcome.Refused.Reason);
        Assert.Contains("nobody@prod-fleet", outcome.Refused.Message, StringComparison.Ordinal);
    }

    private static Task<ServiceUnderTest> StartAsync(IReadOnlyList<string> roles) =>
        ServiceUnderTest.StartAsync(IamApp.AppId, IamApp.Build, SharedWorld.Make(roles), IamReflection.Descriptor);

    private static RolesSpec Spec() => new() { Project = SharedWorld.Apps, Roles = { Wanted } };

    private static async Task GrantAsOwnerAsync(ServiceUnderTest service, string role, string member)
    {
        var policy = await service.AsOwnerAsync(
            HttpMethod.Post,
            $"cloudresourcemanager/v3/projects/{SharedWorld.Apps}:getIamPolicy",
            new JsonObject { ["options"] = new JsonObject { ["requestedPolicyVersion"] = 3 } });
        ((JsonArray?)policy?["bindings"])?.Add(new JsonObject { ["role"] = role, ["members"] = new JsonArray(member) });
        await service.AsOwnerAsync(
            HttpMethod.Post, $"cloudresourcemanager/v3/projects/{SharedWorld.Apps}:setIamPolicy", new JsonObject { ["policy"] = policy });
    }
}
