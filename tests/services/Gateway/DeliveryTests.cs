using System.Text.Json.Nodes;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Tests.Services.ControlPlane;

namespace MeshWorkflow.Tests.Services.Gateway;

/// <summary>Calls that come late or twice, for every step that writes Kubernetes objects.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [InlineData("cluster-admin-binding")]
    [InlineData("canonical-service")]
    [InlineData("gateway-namespace")]
    [InlineData("ingress-gateway")]
    [InlineData("injection")]
    public async Task Apply_LateOrTwice_WritesOnceAndOnlyInItsEpoch(string name)
    {
        await using var mesh = await Installation.WithControlPlaneAsync();
        var step = await PrepareAsync(mesh, name);
        await step.PlanAsync();
        await step.RaiseEpochAsync("install");
        var passed = step.Epoch;
        await step.RaiseEpochAsync("again");
        var before = Writes(mesh);

        var late = await step.ApplyAsync(passed);
        var afterLate = Writes(mesh);
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.ApplyAsync()).OutcomeCase);
        var once = Writes(mesh);
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await step.ApplyAsync()).OutcomeCase);

        Assert.Equal("EPOCH_PASSED", late.Refused?.Reason);
        Assert.Equal(before, afterLate);
        Assert.True(once > afterLate);
        Assert.Equal(once, Writes(mesh));
    }

    private static async Task<StepUnderTest> PrepareAsync(Installation mesh, string name)
    {
        switch (name)
        {
            case "cluster-admin-binding":
                return mesh.AdminBinding();
            case "canonical-service":
                return mesh.CanonicalService();
            case "gateway-namespace":
                return mesh.GatewayNamespace();
            case "ingress-gateway":
                await mesh.GatewayNamespace().BringAboutAsync();
                return mesh.Gateway();
            default:
                await mesh.CallAsync(HttpMethod.Post, "api/v1/namespaces", new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Namespace",
                    ["metadata"] = new JsonObject { ["name"] = "shop" },
                });
                return mesh.Injection(restart: true, "shop");
        }
    }

    // Ours alone: controllers write by themselves.
    private static int Writes(Installation mesh) => mesh.Service.Sandbox.Journal().Count(entry =>
        entry.Api == "kubernetes" && entry.HttpMethod is "PATCH" or "PUT" or "POST" or "DELETE" && entry.Status is >= 200 and < 300);
}
