using System.Text.Json.Nodes;
using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.ControlPlane;

public sealed class WebhookFirewallStepTests
{
    private const string Scope = $"cluster/{SharedWorld.Apps}/us-central1/a-cluster-with-a-long-name";
    private const string Name = "a-cluster-with-a-long-name";
    private const string Firewalls = $"compute/compute/v1/projects/{SharedWorld.Net}/global/firewalls";

    [Fact]
    public async Task PutBack_AfterBringAbout_NetworkIsAsBefore()
    {
        await using var service = await StartAsync();
        var before = Rules(service);
        var step = Step(service);

        var plan = await step.BringAboutAsync();

        var rule = plan.Changes.Single();
        Assert.Matches($"^//compute.googleapis.com/projects/{SharedWorld.Net}/global/firewalls/meshwf-webhook-a-cluster-with-a-lon-[0-9a-f]{{8}}$", rule.Resource);
        var made = service.See(rule.Resource);
        Assert.Contains("172.16.0.0/28", made, StringComparison.Ordinal);
        Assert.Contains("15017", made, StringComparison.Ordinal);
        Assert.Contains("test-g1", made, StringComparison.Ordinal);
        Assert.Equal(before.Count + 1, Rules(service).Count);
        Assert.Empty((await Step(service, rollout: "other").PlanAsync()).Changes);
        await step.RaiseEpochAsync("undo");
        Assert.Empty(await step.PutBackAsync());
        Assert.Equal(before, Rules(service));
        Assert.Empty(await step.PutBackAsync());
        Assert.Equal(1, service.Calls("compute", "firewalls.delete"));
    }

    [Fact]
    public async Task Revert_RuleIsStillBeingMade_IsWaitedForAndPutBack()
    {
        await using var service = await StartAsync();
        var before = Rules(service);
        var step = Step(service);

        Assert.Empty(await step.PutBackWhileUnderWayAsync("compute"));

        Assert.Equal(before, Rules(service));
    }

    [Fact]
    public async Task Apply_Twice_InsertsOnce()
    {
        await using var service = await StartAsync();
        var step = Step(service);
        await step.PlanAsync();

        var first = await step.ApplyAsync();
        await step.VerifyAsync(Side.After, first.Pending.Handles);
        await step.ApplyAsync();

        Assert.Equal(1, service.Calls("compute", "firewalls.insert"));
    }

    [Fact]
    public async Task Plan_PublicNodes_NothingToDo()
    {
        await using var service = await StartAsync(SharedWorld.Cluster(Name));

        Assert.Empty((await Step(service).PlanAsync()).Changes);
        Assert.Equal(0, service.Calls("compute", "firewalls.list"));
    }

    [Theory]
    [InlineData("172.16.0.0/16", "tcp:15000-15020,8080", 0)]
    [InlineData("172.16.0.0/28", "all", 0)]
    [InlineData("172.16.0.0/28", "tcp:15017", 1)]
    public async Task Plan_RuleAllowsIt_IsFoundAndLeft(string range, string allowed, int notices)
    {
        await using var service = await StartAsync(
            firewalls: [new WorldFirewall("by-hand", "vpc-prod") { SourceRanges = [range], Allowed = [allowed] }]);

        var plan = await Step(service).PlanAsync();

        Assert.Empty(plan.Changes);
        Assert.Equal(notices, plan.Notices.Count);
    }

    [Theory]
    [InlineData("172.16.0.0/30", "tcp:15017")]
    [InlineData("10.0.0.0/8", "tcp:15017")]
    [InlineData("172.16.0.0/28", "udp:15017")]
    [InlineData("172.16.0.0/28", "tcp:443")]
    public async Task Plan_RuleAllowsSomethingElse_OursIsPlanned(string range, string allowed)
    {
        await using var service = await StartAsync(
            firewalls: [new WorldFirewall("by-hand", "vpc-prod") { SourceRanges = [range], Allowed = [allowed] }]);

        Assert.Single((await Step(service).PlanAsync()).Changes);
    }

    [Fact]
    public async Task Plan_Skipped_SaysWhichRuleIsNeeded()
    {
        await using var service = await StartAsync();

        var plan = await Step(service, skip: true).PlanAsync();

        Assert.Empty(plan.Changes);
        var notice = plan.Notices.Single();
        Assert.Equal("FIREWALL_SKIPPED", notice.Code);
        Assert.Contains("172.16.0.0/28", notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutBack_RuleChangedByOthers_StandsAndIsNamed()
    {
        await using var service = await StartAsync();
        var step = Step(service);
        var plan = await step.BringAboutAsync();
        var rule = plan.Changes.Single().Resource.Split('/')[^1];
        await service.AsOwnerAsync(
            HttpMethod.Patch,
            $"{Firewalls}/{rule}",
            new JsonObject { ["allowed"] = new JsonArray(new JsonObject { ["IPProtocol"] = "tcp", ["ports"] = new JsonArray("15017", "9443") }) });
        while (service.See(plan.Changes.Single().Resource)?.Contains("9443", StringComparison.Ordinal) is not true)
        {
            await Task.Yield();
        }

        await step.RaiseEpochAsync("undo");
        var residue = await step.PutBackAsync();

        Assert.Contains(residue, left => left is { Path: "allowed", Ours: false });
        Assert.Contains(residue, left => left.Ours);
        Assert.NotNull(service.See(plan.Changes.Single().Resource));
    }

    [Fact]
    public async Task Apply_DeliveredAfterUndo_WritesNothing()
    {
        await using var service = await StartAsync();
        var step = Step(service);
        await step.PlanAsync();
        await step.RaiseEpochAsync("install");
        var late = step.Epoch;
        await step.RaiseEpochAsync("undo");

        Assert.Equal("EPOCH_PASSED", (await step.ApplyAsync(late)).Refused.Reason);
        Assert.Equal(0, service.Calls("compute", "firewalls.insert"));
    }

    private static Task<ServiceUnderTest> StartAsync(WorldCluster? cluster = null, IReadOnlyList<WorldFirewall>? firewalls = null)
    {
        var world = SharedWorld.Make(["roles/owner"], cluster ?? SharedWorld.Cluster(Name) with { MasterRange = "172.16.0.0/28" });
        var projects = world.Projects.Select(project => project.Id == SharedWorld.Net ? project with { Firewalls = firewalls ?? [] } : project);
        return ServiceUnderTest.StartAsync(
            ControlPlaneApp.AppId, ControlPlaneApp.Build, world with { Projects = [.. projects] }, ControlPlaneReflection.Descriptor);
    }

    private static StepUnderTest Step(ServiceUnderTest service, bool skip = false, string rollout = "test") => service.Step(
        "webhook-firewall",
        Scope,
        new WebhookFirewallSpec { Cluster = new GkeCluster { Project = SharedWorld.Apps, Location = "us-central1", Name = Name }, Skip = skip },
        rollout);

    private static List<string> Rules(ServiceUnderTest service) =>
    [
        .. service.Sandbox.Snapshot().Resources
            .Where(resource => resource.Key.Contains("/global/firewalls/", StringComparison.Ordinal))
            .Select(resource => resource.Value.ToJsonString()),
    ];
}
