using Dapr.Workflow.Registration;
using MeshWorkflow.Tests.Conformance.AnyWorker;
using Microsoft.Extensions.Configuration;

namespace MeshWorkflow.Tests.Worker.Registration;

/// <summary>The official builder takes no address from the configuration that it is given; ours does.</summary>
public sealed class ClientBuilderTests
{
    [Fact]
    public async Task Build_WithAConfiguration_TakesAddressAndTokenFromIt()
    {
        await using var sidecar = await ScriptedSidecar.StartAsync(TestContext.Current.CancellationToken);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DAPR_GRPC_ENDPOINT"] = sidecar.Address.ToString(),
            ["DAPR_API_TOKEN"] = "configured",
        }).Build();
        await using var client = new DaprWorkflowClientBuilder(configuration).Build();
        await client.RaiseEventAsync("id", "go", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("configured", sidecar.Headers.GetValue("dapr-api-token"));
    }
}
