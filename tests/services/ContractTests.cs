using MeshWorkflow.Certificates;
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
}
