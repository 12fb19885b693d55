using Dapr.Workflow;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Workflows of ours on a sidecar, with whatever a test wants for their activities and children.</summary>
internal sealed class WorkflowsUnderTest : IAsyncDisposable
{
    private const string App = "orchestrator";
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-workflows-").FullName;
    private SidecarHost? _sidecar;
    private IHost? _host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string StateFile => Path.Combine(_folder, "state.db");

    public static async Task<WorkflowsUnderTest> StartAsync(Action<WorkflowRuntimeOptions> register)
    {
        var workflows = new WorkflowsUnderTest();
        workflows._sidecar = await SidecarHost.StartAsync(
            new SidecarOptions { StateFile = workflows.StateFile, Apps = [new SidecarApp { Id = App, ApiToken = "workflows-token" }] }, Token);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DAPR_GRPC_ENDPOINT"] = workflows._sidecar.Apps[App].GrpcAddress.ToString(),
            ["DAPR_API_TOKEN"] = "workflows-token",
        });
        builder.Services.AddDaprWorkflow(register);
        workflows._host = builder.Build();
        await workflows._host.StartAsync(Token);
        return workflows;
    }

    /// <summary>Runs a workflow to its end, and answers its history and what it answered.</summary>
    public async Task<(History History, T? Result)> RunAsync<T>(string workflow, string id, object input)
    {
        var client = _host!.Services.GetRequiredService<DaprWorkflowClient>();
        await client.ScheduleNewWorkflowAsync(workflow, id, input);
        var ended = await client.WaitForWorkflowCompletionAsync(id, getInputsAndOutputs: true, cancellation: Token);
        Assert.Equal(WorkflowRuntimeStatus.Completed, ended?.RuntimeStatus);
        return (Histories.Read(StateFile).Single(history => history.Id == id), ended!.ReadOutputAs<T>());
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }

        if (_sidecar is not null)
        {
            await _sidecar.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
