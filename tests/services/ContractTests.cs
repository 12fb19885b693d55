using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using MeshWorkflow.Certificates;
using MeshWorkflow.ControlPlane;
using MeshWorkflow.Gateway;
using MeshWorkflow.Iam;
using MeshWorkflow.Protos.Steps.V1;
using Microsoft.AspNetCore.Builder;
using StepsClient = MeshWorkflow.Protos.Steps.V1.Steps.StepsClient;

namespace MeshWorkflow.Tests.Services;

public sealed class ContractTests
{
    public static TheoryData<string, Func<WebApplicationBuilder, WebApplication>> Apps => new()
    {
        { IamApp.AppId, IamApp.Build },
        { CertificatesApp.AppId, CertificatesApp.Build },
        { ControlPlaneApp.AppId, ControlPlaneApp.Build },
        { GatewayApp.AppId, GatewayApp.Build },
    };

    [Theory]
    [MemberData(nameof(Apps), DisableDiscoveryEnumeration = true)]
    public async Task Plan_UnknownStep_IsRefusedByName(string appId, Func<WebApplicationBuilder, WebApplication> build)
    {
        await using var service = await ServiceUnderTest.StartAsync(appId, build);
        var request = new PlanRequest { Call = new Call { Rollout = "test", Generation = 1, Scope = "fleet/demo-fleet", Step = "no-such-step" } };

        var reply = await new StepsClient(service.Invoker).PlanAsync(request, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("STEP_UNKNOWN", reply.Refused.Reason);
        Assert.Contains("no-such-step", reply.Refused.Message, StringComparison.Ordinal);
        Assert.Contains(appId, reply.Refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Apps), DisableDiscoveryEnumeration = true)]
    public async Task Health_AnybodyAsks_IsServing(string appId, Func<WebApplicationBuilder, WebApplication> build)
    {
        await using var service = await ServiceUnderTest.StartAsync(appId, build);
        using var channel = GrpcChannel.ForAddress(service.AppAddress);

        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Theory]
    [MemberData(nameof(Apps), DisableDiscoveryEnumeration = true)]
    public async Task Plan_NotThroughItsSidecar_IsRefused(string appId, Func<WebApplicationBuilder, WebApplication> build)
    {
        await using var service = await ServiceUnderTest.StartAsync(appId, build);
        using var channel = GrpcChannel.ForAddress(service.AppAddress);

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new StepsClient(channel).PlanAsync(new PlanRequest(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }
}
