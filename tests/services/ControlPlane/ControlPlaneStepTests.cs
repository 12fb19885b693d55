using System.Text.Json.Nodes;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Services.ControlPlane;

public sealed class ControlPlaneStepTests
{
    private const string Istiod = "namespaces/istio-system/apps/deployments/istiod-asm-1233-2";
    private const string IstiodPath = "apis/apps/v1/namespaces/istio-system/deployments/istiod-asm-1233-2";

    [Fact]
    public async Task Install_Fresh_IsReadySignedAndMarked()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();

        var plan = await mesh.ControlPlane().BringAboutAsync();

        Assert.Equal("meshworkflow", mesh.Find(Istiod)!["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]!.GetValue<string>());
        Assert.Equal("test-g1", mesh.Find(Istiod)!["metadata"]!["annotations"]!["meshworkflow.dev/rollout"]!.GetValue<string>());
        var validator = mesh.Find("admissionregistration.k8s.io/validatingwebhookconfigurations/istio-validator-asm-1233-2-istio-system")!;
        Assert.Equal("Fail", validator["webhooks"]![0]!["failurePolicy"]!.GetValue<string>());
        Assert.Equal(14, mesh.Names("/customresourcedefinitions/").Count(name => name.EndsWith(".istio.io", StringComparison.Ordinal)));
        Assert.All(plan.Changes, change => Assert.Equal(Undo.Exact, change.Undo));
    }

    [Fact]
    public async Task Apply_Definitions_ComeFirstAndNothingOfControllersIsSent()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();

        await mesh.ControlPlane().BringAboutAsync();

        var writes = mesh.Service.Sandbox.Journal()
            .Where(entry => entry.Api == "kubernetes" && entry.HttpMethod == "PATCH")
            .Select(entry => (entry.Path, Body: entry.Body?.ToJsonString() ?? ""))
            .ToList();
        Assert.True(writes.Count > 30, $"{writes.Count} writes");
        Assert.All(writes.Take(14), write => Assert.Contains("/customresourcedefinitions/", write.Path, StringComparison.Ordinal));
        Assert.Contains("/mutatingwebhookconfigurations/", writes[^1].Path, StringComparison.Ordinal);
        Assert.DoesNotContain(writes, write => write.Body.Contains("caBundle", StringComparison.Ordinal));
        Assert.DoesNotContain(writes, write => write.Path.EndsWith("/deployments/istiod-asm-1233-2", StringComparison.Ordinal)
            && write.Body.Contains("\"replicas\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_Again_ChangesNothingAlsoForAnotherRollout()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        await mesh.ControlPlane().BringAboutAsync();

        var same = await mesh.ControlPlane().PlanAsync();
        var other = await mesh.ControlPlane("other").PlanAsync();

        Assert.Empty(same.Changes);
        Assert.Empty(other.Changes);
    }

    [Fact]
    public async Task Apply_DeliveredTwice_WritesOnce()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var step = mesh.ControlPlane();
        await step.BringAboutAsync();
        var before = Writes(mesh);

        var again = await step.ApplyAsync();

        Assert.Equal(Outcome.OutcomeOneofCase.Done, again.OutcomeCase);
        Assert.Equal(before, Writes(mesh));
    }

    [Fact]
    public async Task Revert_AfterInstall_LeavesTheWorldAsItWas()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.ControlPlane();
        await step.BringAboutAsync();
        Assert.True(Writes(mesh) > 30);

        var residue = await step.PutBackAsync();

        Assert.Empty(residue);
        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
        var gone = mesh.Service.Sandbox.Journal().Where(entry => entry.HttpMethod == "DELETE").Select(entry => entry.Path).ToList();
        Assert.Contains("webhookconfigurations/", gone[0], StringComparison.Ordinal);
        Assert.Contains("/customresourcedefinitions/", gone[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revert_AppliedHalf_TakesThatHalfAway()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.ControlPlane();
        await step.PlanAsync();
        mesh.Service.Sandbox.Order(new FaultSpec
        {
            Match = new CallMatch("kubernetes", "patch deployments"),
            Status = 403,
            Code = "Forbidden",
        });
        var applied = await step.ApplyAsync();
        while (applied.OutcomeCase is Outcome.OutcomeOneofCase.Wait)
        {
            applied = await step.ApplyAsync();
        }

        Assert.Equal(Outcome.OutcomeOneofCase.Refused, applied.OutcomeCase);
        Assert.True(Writes(mesh) > 20);
        Assert.Empty(await step.PutBackAsync());
        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Revert_SomebodyChangedIstiod_TheirChangeSurvivesAndIsNamed()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var step = mesh.ControlPlane();
        await step.BringAboutAsync();
        await mesh.PatchAsync(
            "api/v1/namespaces/istio-system/configmaps/istio-asm-1233-2", new JsonObject { ["data"] = new JsonObject { ["mesh"] = "theirs" } });

        var residue = await step.PutBackAsync();

        Assert.Equal("theirs", mesh.Find("namespaces/istio-system/configmaps/istio-asm-1233-2")!["data"]!["mesh"]!.GetValue<string>());
        Assert.Contains(residue, one => one.Path == "data.mesh" && one.Found.StringValue == "theirs");
        Assert.Contains(residue, one => one.Ours && one.Resource.EndsWith("/configmaps/istio-asm-1233-2", StringComparison.Ordinal));
        Assert.Null(mesh.Find(Istiod));
    }

    [Fact]
    public async Task Revert_SomebodyUsesADefinition_ItStaysAndIsNamed()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var step = mesh.ControlPlane();
        await step.BringAboutAsync();
        await mesh.CallAsync(HttpMethod.Post, "apis/networking.istio.io/v1/namespaces/default/gateways", new JsonObject
        {
            ["apiVersion"] = "networking.istio.io/v1",
            ["kind"] = "Gateway",
            ["metadata"] = new JsonObject { ["name"] = "theirs" },
            ["spec"] = new JsonObject(),
        });

        var residue = await step.PutBackAsync();

        var left = Assert.Single(residue);
        Assert.EndsWith("/customresourcedefinitions/gateways.networking.istio.io", left.Resource, StringComparison.Ordinal);
        Assert.Contains("gateways/default/theirs", left.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(mesh.Names("networking.istio.io/gateways/theirs"));
    }

    [Fact]
    public async Task Apply_AfterTheEpochHasPassed_WritesNothing()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var step = mesh.ControlPlane();
        await step.PlanAsync();
        await step.RaiseEpochAsync("install");
        var epoch = step.Epoch;
        await step.RaiseEpochAsync("compensation");
        var before = Writes(mesh);

        var late = await step.ApplyAsync(epoch);

        Assert.Equal("EPOCH_PASSED", late.Refused.Reason);
        Assert.Equal(before, Writes(mesh));
    }

    [Fact]
    public async Task Plan_OthersObjectDiffers_IsRefusedWithItsName()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.CallAsync(HttpMethod.Post, "apis/rbac.authorization.k8s.io/v1/clusterroles", new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "ClusterRole",
            ["metadata"] = new JsonObject { ["name"] = "istiod-clusterrole-asm-1233-2-istio-system" },
            ["rules"] = new JsonArray(),
        });
        await mesh.PrepareAsync();

        var reply = await mesh.ControlPlane().TryPlanAsync();

        Assert.Equal("OBJECTS_DIFFER", reply.Refused.Reason);
        var violation = Assert.Single(reply.Refused.Violations);
        Assert.EndsWith("/clusterroles/istiod-clusterrole-asm-1233-2-istio-system", violation.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_IstiodNeverReady_WaitsAndNamesThePod()
    {
        await using var mesh = await Installation.StartAsync(Installation.WorldWith(WorldQuirks.IstiodNeverReady));
        await mesh.PrepareAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.ControlPlane();
        await step.PlanAsync();
        while ((await step.ApplyAsync()).OutcomeCase is Outcome.OutcomeOneofCase.Wait)
        {
        }

        var seen = await step.VerifyOnceAsync(Side.After, reason => reason.Contains("discovery", StringComparison.Ordinal));

        Assert.Contains("istiod-asm-1233-2 has 0 of", seen.Wait.Reason, StringComparison.Ordinal);
        Assert.Contains("discovery", seen.Wait.Reason, StringComparison.Ordinal);
        Assert.Empty(await step.PutBackAsync());
        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Plan_UnknownOption_IsRefused()
    {
        await using var mesh = await Installation.StartAsync();

        var reply = await mesh.ControlPlane("test", "no-such").TryPlanAsync();

        Assert.Equal("OPTION_UNKNOWN", reply.Refused.Reason);
    }

    [Fact]
    public async Task Plan_SomebodyChangedOurs_NewPlanPutsItRightAndUndoesExactly()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        var step = mesh.ControlPlane();
        await step.BringAboutAsync();
        await mesh.PatchAsync($"{IstiodPath}", new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["serviceAccountName"] = "default" } } },
        });

        var plan = await step.BringAboutAsync();

        var change = Assert.Single(plan.Changes, one => one.Action is ChangeAction.Update);
        Assert.Equal("spec.template.spec.serviceAccountName", change.Fields.Single().Path);
        Assert.Equal("default", change.Fields.Single().Before.StringValue);
        Assert.Equal("istiod-asm-1233-2", mesh.Find(Istiod)!["spec"]!["template"]!["spec"]!["serviceAccountName"]!.GetValue<string>());
    }

    private static int Writes(Installation mesh) => mesh.Service.Sandbox.Journal().Count(entry =>
        entry.Api == "kubernetes" && entry.HttpMethod is "PATCH" or "PUT" or "POST" or "DELETE" && entry.Status is >= 200 and < 300);
}
