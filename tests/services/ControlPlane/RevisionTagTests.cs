using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds.Comparing;

namespace MeshWorkflow.Tests.Services.ControlPlane;

public sealed class RevisionTagTests
{
    private const string Tag = "admissionregistration.k8s.io/mutatingwebhookconfigurations/istio-revision-tag-default";
    private const string TagPath = "apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-revision-tag-default";

    [Fact]
    public async Task BringAbout_AndBack_LeavesTheWorldAsItWas()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        await mesh.ControlPlane().BringAboutAsync();
        var before = mesh.Service.Sandbox.Snapshot();
        var step = mesh.Tag();

        await step.BringAboutAsync();

        Assert.Equal(4, mesh.Find(Tag)!["webhooks"]!.AsArray().Count);
        Assert.All(mesh.Find(Tag)!["webhooks"]!.AsArray(), webhook =>
        {
            Assert.Equal("istiod-asm-1233-2", webhook!["clientConfig"]!["service"]!["name"]!.GetValue<string>());
            Assert.NotEmpty(webhook["clientConfig"]!["caBundle"]!.GetValue<string>());
        });
        Assert.NotNull(mesh.Find("admissionregistration.k8s.io/validatingwebhookconfigurations/istiod-default-validator"));
        Assert.Empty((await mesh.Tag("other").PlanAsync()).Changes);
        Assert.Empty(await step.PutBackAsync());
        Assert.Empty(WorldDiff.Compare(before, mesh.Service.Sandbox.Snapshot()));
    }

    [Fact]
    public async Task Plan_TagPointsElsewhere_IsKeptWithANotice()
    {
        await using var mesh = await WithTagOfOtherAsync();

        var plan = await mesh.Tag().PlanAsync();

        Assert.Empty(plan.Changes);
        Assert.Equal("TAG_KEPT", Assert.Single(plan.Notices).Code);
    }

    [Fact]
    public async Task Move_AndBack_PointsWhereItDid()
    {
        await using var mesh = await WithTagOfOtherAsync();
        var step = mesh.Tag(move: true);

        await step.BringAboutAsync();
        var moved = mesh.Find(Tag)!;
        await step.PutBackAsync();
        var back = mesh.Find(Tag)!;

        Assert.Equal("asm-1233-2", moved["metadata"]!["labels"]!["istio.io/rev"]!.GetValue<string>());
        Assert.Equal("istiod-asm-1233-2", moved["webhooks"]![0]!["clientConfig"]!["service"]!["name"]!.GetValue<string>());
        Assert.Equal("asm-1200-1", back["metadata"]!["labels"]!["istio.io/rev"]!.GetValue<string>());
        Assert.Equal("istiod-asm-1200-1", back["webhooks"]![0]!["clientConfig"]!["service"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Revert_SomebodyMovedTheTag_TheirsSurvivesAndIsNamed()
    {
        await using var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        await mesh.ControlPlane().BringAboutAsync();
        var step = mesh.Tag();
        await step.BringAboutAsync();
        await mesh.PatchAsync(TagPath, new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["istio.io/rev"] = "theirs" } },
        });

        var residue = await step.PutBackAsync();

        Assert.Contains(residue, one => one.Found?.StringValue == "theirs");
        Assert.Equal("theirs", mesh.Find(Tag)!["metadata"]!["labels"]!["istio.io/rev"]!.GetValue<string>());
    }

    private static async Task<Installation> WithTagOfOtherAsync()
    {
        var mesh = await Installation.StartAsync();
        await mesh.PrepareAsync();
        await mesh.ControlPlane().BringAboutAsync();
        await mesh.CallAsync(HttpMethod.Post, "apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", new JsonObject
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["kind"] = "MutatingWebhookConfiguration",
            ["metadata"] = new JsonObject
            {
                ["name"] = "istio-revision-tag-default",
                ["labels"] = new JsonObject { ["app"] = "sidecar-injector", ["istio.io/rev"] = "asm-1200-1" },
            },
            ["webhooks"] = new JsonArray(new JsonObject
            {
                ["name"] = "namespace.sidecar-injector.istio.io",
                ["clientConfig"] = new JsonObject
                {
                    ["service"] = new JsonObject { ["name"] = "istiod-asm-1200-1", ["namespace"] = "istio-system", ["path"] = "/inject" },
                },
                ["sideEffects"] = "None",
                ["failurePolicy"] = "Ignore",
                ["admissionReviewVersions"] = new JsonArray("v1"),
            }),
        });
        return mesh;
    }
}
