using MeshWorkflow.ControlPlane;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Services.Preflight;

/// <summary>A service perimeter stands between the service and an API.</summary>
public sealed class PerimeterTests
{
    [Theory]
    [InlineData("container", SharedWorld.Apps)]
    [InlineData("gkehub", SharedWorld.Fleet)]
    [InlineData("serviceusage", SharedWorld.Apps)]
    public async Task Check_ApiBehindAPerimeter_IsRefusedAndNotTheRolesMatter(string api, string project)
    {
        await using var service = await StartAsync(new WorldPerimeter("prod", [project], [api]));

        var found = await CheckAsync(service);

        var refusal = found.Single("VPC_SERVICE_CONTROLS", Verdict.Refuse);
        Assert.Contains($"{api}.googleapis.com: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("vpcServiceControlsUniqueIdentifier: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ingress rule", refusal.Remedy, StringComparison.Ordinal);
        Assert.Equal("Google's APIs", refusal.About);
        Assert.NotEmpty(refusal.Link);
    }

    [Fact]
    public async Task Check_ServiceIsLetIn_PassesThePerimeter()
    {
        await using var service = await StartAsync(
            new WorldPerimeter("prod", [SharedWorld.Apps, SharedWorld.Fleet], ["container", "gkehub", "serviceusage"]) { Access = [SharedWorld.Installer] });

        Assert.DoesNotContain((await CheckAsync(service)).Checks, check => check.Verdict is Verdict.Refuse);
    }

    private static Task<Preflighted> CheckAsync(ServiceUnderTest service) => service.CheckApisAsync([new ProjectApis { Project = SharedWorld.Apps, Services = { "container.googleapis.com" } }]);

    private static Task<ServiceUnderTest> StartAsync(WorldPerimeter perimeter) => ServiceUnderTest.StartAsync(
        ControlPlaneApp.AppId, ControlPlaneApp.Build, SharedWorld.Make(["roles/owner"]) with { Perimeters = [perimeter] }, ControlPlaneReflection.Descriptor);
}
