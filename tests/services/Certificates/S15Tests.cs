using System.Text.Json.Nodes;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.Certificates;

/// <summary>S15: pool, authorities, region, policy and template of CA Service are verified; the policy is written where that is asked.</summary>
public sealed class S15Tests
{
    private const string Other = """
        { "maximumLifetime": "86400s", "identityConstraints": { "allowSubjectPassthrough": true, "allowSubjectAltNamesPassthrough": true } }
        """;

    [Fact]
    public async Task Policy_PoolHasNone_IsTheGuidesToTheLetterAndGoesAgain()
    {
        await using var service = await CaWorld.StartAsync();
        var before = service.Sandbox.Snapshot();
        var step = service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec(enablePolicy: true));

        var plan = await step.BringAboutAsync();
        var written = service.Policy();
        await step.RaiseEpochAsync("undo");
        var left = await step.PutBackAsync();

        var field = plan.Changes.Single().Fields.Single();
        Assert.Equal(("issuancePolicy", null, Undo.Exact), (field.Path, field.Before, plan.Changes[0].Undo));
        Assert.True(JsonNode.DeepEquals(CaWorld.Guide, written), written?.ToJsonString());
        Assert.Empty(left);
        Assert.Equal(before.Resources[CaWorld.PoolResource].ToJsonString(), service.Sandbox.Snapshot().Resources[CaWorld.PoolResource].ToJsonString());
        Assert.Equal(2, service.Calls("privateca", "caPools.patch"));
    }

    [Fact]
    public async Task Policy_PoolHasAnother_IsReplacedWithANoticeAndPutBackAsAWhole()
    {
        await using var service = await CaWorld.StartAsync(CaWorld.With(new WorldAuthority("sub")) with { IssuancePolicy = (JsonObject)JsonNode.Parse(Other)! });
        var before = service.Policy()!.ToJsonString();
        var step = service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec(enablePolicy: true));

        var plan = await step.BringAboutAsync();
        await step.RaiseEpochAsync("undo");
        Assert.True(JsonNode.DeepEquals(CaWorld.Guide, service.Policy()));
        Assert.Empty(await step.PutBackAsync());

        var notice = plan.Notices.Single(notice => notice.Code == "CA_POLICY_REPLACED");
        Assert.Contains("maximumLifetime", notice.Message, StringComparison.Ordinal);
        Assert.Contains("allowSubjectPassthrough", notice.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("allowSubjectAltNamesPassthrough", notice.Message, StringComparison.Ordinal);
        Assert.Equal(before, service.Policy()!.ToJsonString());
    }

    [Fact]
    public async Task Policy_StillBeingWrittenAtTheUndo_IsWaitedForAndPutBack()
    {
        await using var service = await CaWorld.StartAsync();
        var step = service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec(enablePolicy: true));

        Assert.Empty(await step.PutBackWhileUnderWayAsync("privateca"));

        Assert.Null(service.Policy());
    }

    [Fact]
    public async Task Policy_SomebodyChangesItMeanwhile_StaysAndIsNamed()
    {
        await using var service = await CaWorld.StartAsync();
        var step = service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec(enablePolicy: true));
        await step.BringAboutAsync();
        await service.AsOwnerAsync(
            HttpMethod.Patch, $"privateca/v1/{CaWorld.Pool}?updateMask=issuancePolicy", new JsonObject { ["issuancePolicy"] = JsonNode.Parse(Other) });
        await service.AsOwnerAsync(HttpMethod.Get, $"privateca/v1/{CaWorld.Pool}");
        await AwaitAsync(() => service.Policy()?["maximumLifetime"] is not null);

        await step.RaiseEpochAsync("undo");
        var left = await step.PutBackAsync();

        Assert.Equal("issuancePolicy", Assert.Single(left).Path);
        Assert.False(left[0].Ours);
        Assert.Equal("86400s", service.Policy()!["maximumLifetime"]!.GetValue<string>());
    }

    [Fact]
    public async Task Policy_AsTheGuides_ChangesNothing()
    {
        await using var service = await CaWorld.StartAsync(CaWorld.With(new WorldAuthority("sub")) with { IssuancePolicy = CaWorld.Guide });

        var plan = await service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec(enablePolicy: true)).PlanAsync();
        var without = await service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec()).PlanAsync();

        Assert.Empty(plan.Changes);
        Assert.Equal("issuancePolicy", Assert.Single(plan.ReliesOn).Path);
        Assert.Empty(plan.Notices.Concat(without.Notices));
        Assert.Equal(0, service.Calls("privateca", "caPools.patch"));
    }

    [Fact]
    public async Task Plan_WithoutTheFlag_SaysWhatThePolicyIs()
    {
        await using var none = await CaWorld.StartAsync();
        await using var another = await CaWorld.StartAsync(CaWorld.With(new WorldAuthority("sub")) with { IssuancePolicy = (JsonObject)JsonNode.Parse(Other)!, Tier = "ENTERPRISE" });

        Assert.Equal(["CA_POLICY_MISSING"], Codes(await none.Step("ca-pool", CaWorld.Scope, CaWorld.Spec()).PlanAsync()));
        Assert.Equal(["CA_POOL_TIER", "CA_POLICY_DIFFERS"], Codes(await another.Step("ca-pool", CaWorld.Scope, CaWorld.Spec()).PlanAsync()));
    }

    [Theory]
    [InlineData("""{ "identityConstraints": { "allowSubjectPassthrough": false, "allowSubjectAltNamesPassthrough": false } }""", "allowSubjectAltNamesPassthrough")]
    [InlineData("""{ "baselineValues": { "caOptions": { "isCa": true } } }""", "isCa")]
    [InlineData("""{ "baselineValues": { "keyUsage": { "extendedKeyUsage": { "serverAuth": true } } } }""", "clientAuth")]
    [InlineData("""{ "allowedIssuanceModes": { "allowConfigBasedIssuance": true } }""", "allowCsrBasedIssuance")]
    public async Task Plan_PolicyThatLeavesWorkloadsWithout_IsRefusedUnlessItIsReplaced(string policy, string named)
    {
        await using var service = await CaWorld.StartAsync(CaWorld.With(new WorldAuthority("sub")) with { IssuancePolicy = (JsonObject)JsonNode.Parse(policy)! });

        var refused = (await service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec()).TryPlanAsync()).Refused;
        var replaced = await service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec(enablePolicy: true)).PlanAsync();

        Assert.Equal("CA_POLICY_UNFIT", refused.Reason);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--enable_ca_policy", refused.Hint, StringComparison.Ordinal);
        Assert.Single(replaced.Changes);
    }

    [Theory]
    [InlineData("DISABLED")]
    [InlineData("STAGED")]
    [InlineData("AWAITING_USER_ACTIVATION")]
    public async Task Plan_NoAuthorityThatSigns_IsRefusedWithTheStates(string state)
    {
        await using var service = await CaWorld.StartAsync(CaWorld.With(new WorldAuthority("sub-1") { State = state }));

        var refused = (await service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec()).TryPlanAsync()).Refused;

        Assert.Equal("CA_NOT_ENABLED", refused.Reason);
        Assert.Contains($"sub-1 is {state}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_OneOfTwoAuthoritiesEnabled_IsEnough()
    {
        await using var service = await CaWorld.StartAsync(CaWorld.With(
            new WorldAuthority("old") { State = "DISABLED" }, new WorldAuthority("root") { Type = "SELF_SIGNED" }));

        Assert.Equal(["CA_POLICY_MISSING"], Codes(await service.Step("ca-pool", CaWorld.Scope, CaWorld.Spec()).PlanAsync()));
    }

    [Fact]
    public async Task Plan_AllThatIsWrong_IsToldAtOnce()
    {
        await using var service = await CaWorld.StartAsync(CaWorld.With());
        var spec = CaWorld.Spec();
        spec.Regions.Add("europe-west1");
        spec.Template = CaWorld.Template;

        var refused = (await service.Step("ca-pool", CaWorld.Scope, spec).TryPlanAsync()).Refused;

        Assert.Equal("CA_POOL_UNFIT", refused.Reason);
        Assert.Equal(["CA_POOL_REGION", "CA_NOT_ENABLED", "CA_TEMPLATE_NOT_FOUND"], refused.Violations.Select(violation => violation.Code));
        Assert.Contains("europe-west1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_TemplateElsewhereOrContradicting_IsRefused()
    {
        var contradicting = new WorldCertificateTemplate("us-central1", "workload")
        {
            Content = (JsonObject)JsonNode.Parse("""{ "predefinedValues": { "keyUsage": { "extendedKeyUsage": { "serverAuth": true, "clientAuth": true } }, "caOptions": { "isCa": true } } }""")!,
        };
        await using var service = await CaWorld.StartAsync(pool: null, contradicting);
        var (elsewhere, here) = (CaWorld.Spec(), CaWorld.Spec(enablePolicy: true));
        elsewhere.Template = CaWorld.Template.Replace("us-central1", "europe-west1", StringComparison.Ordinal);
        here.Template = CaWorld.Template;

        var region = (await service.Step("ca-pool", CaWorld.Scope, elsewhere).TryPlanAsync()).Refused;
        var conflict = (await service.Step("ca-pool", CaWorld.Scope, here).TryPlanAsync()).Refused;

        Assert.Equal("CA_TEMPLATE_REGION", region.Reason);
        Assert.Equal("CA_TEMPLATE_CONFLICT", conflict.Reason);
        Assert.Contains("caOptions.isCa", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_PoolAndTemplate_AreGrantedInOneWriteEachAndTakenAway()
    {
        await using var service = await CaWorld.StartAsync(pool: null, new WorldCertificateTemplate("us-central1", "workload"));
        var before = service.Sandbox.Snapshot();
        var pool = service.Step("ca-access", CaWorld.Scope, new CaAccessSpec { Resource = CaWorld.Pool, FleetProject = SharedWorld.Fleet });
        var template = service.Step("ca-access", $"ca-template/{CaWorld.Template}", new CaAccessSpec { Resource = CaWorld.Template, FleetProject = SharedWorld.Fleet });

        await pool.BringAboutAsync();
        await template.BringAboutAsync();

        var policies = service.See($"{CaWorld.PoolResource}/iamPolicy") + service.See($"//privateca.googleapis.com/{CaWorld.Template}/iamPolicy");
        foreach (var role in (string[])["workloadCertificateRequester", "auditor", "templateUser"])
        {
            Assert.Contains($"{{\"role\":\"roles/privateca.{role}\",\"members\":[\"{CaWorld.Member}\"]}}", policies, StringComparison.Ordinal);
        }

        Assert.Equal((1, 1), (service.Calls("privateca", "caPools.setIamPolicy"), service.Calls("privateca", "certificateTemplates.setIamPolicy")));
        Assert.Empty((await service.Step("ca-access", CaWorld.Scope, new CaAccessSpec { Resource = CaWorld.Pool, FleetProject = SharedWorld.Fleet }, rollout: "other").PlanAsync()).Changes);
        await pool.RaiseEpochAsync("undo");
        await template.RaiseEpochAsync("undo");
        Assert.Empty(await pool.PutBackAsync());
        Assert.Empty(await template.PutBackAsync());
        Assert.False(service.Sandbox.Snapshot().Resources.ContainsKey($"{CaWorld.PoolResource}/iamPolicy"));
        Assert.Equal(before.Resources.Keys, service.Sandbox.Snapshot().Resources.Keys);
    }

    [Fact]
    public async Task Access_FleetHasNoMember_IsRefusedByThePoolThatGoogleDoesNotKnow()
    {
        await using var service = await CaWorld.StartAloneAsync();
        var step = service.Step("ca-access", CaWorld.Scope, new CaAccessSpec { Resource = CaWorld.Pool, FleetProject = SharedWorld.Fleet });
        await step.PlanAsync();

        var refused = (await step.ApplyAsync()).Refused;

        Assert.Equal("IDENTITY_POOL_UNKNOWN", refused.Reason);
        Assert.Contains($"{SharedWorld.Fleet}.svc.id.goog", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Access_CheckOnly_IsRefusedWithTheFlag()
    {
        await using var service = await CaWorld.StartAsync();

        var refused = (await service.Step("ca-access", CaWorld.Scope, new CaAccessSpec { Resource = CaWorld.Pool, FleetProject = SharedWorld.Fleet, CheckOnly = true }).TryPlanAsync()).Refused;

        Assert.Equal("CA_ACCESS_MISSING", refused.Reason);
        Assert.Contains("--enable_gcp_iam_roles", refused.Hint, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Codes(Plan plan) => plan.Notices.Select(notice => notice.Code);

    private static async Task AwaitAsync(Func<bool> isThere)
    {
        for (var tries = 0; !isThere() && tries < 500; tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.True(isThere());
    }
}
