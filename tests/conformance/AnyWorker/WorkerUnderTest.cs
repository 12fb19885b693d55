using Dapr.Workflow;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>A worker on a scripted sidecar: ours, or the official package's when the build was told so.</summary>
internal sealed class WorkerUnderTest : IAsyncDisposable
{
    private readonly IHost _host;

    private WorkerUnderTest(ScriptedSidecar sidecar, IHost host) => (Sidecar, _host) = (sidecar, host);

    public ScriptedSidecar Sidecar { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Whether the official package is under test. A few of its answers are known to be worse than ours; docs/dapr.md lists them.</summary>
    public static bool IsOfficial { get; } = typeof(DaprWorkflowClient).Assembly.GetName().Name == "Dapr.Workflow";

    public static async Task<WorkerUnderTest> StartAsync(
        Action<WorkflowRuntimeOptions> register,
        Action<IServiceCollection>? services = null,
        Func<Uri, Dictionary<string, string?>>? settings = null,
        int refusals = 0)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var sidecar = await ScriptedSidecar.StartAsync(cancellationToken, refusals);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection((settings ?? Endpoint)(sidecar.Address));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        services?.Invoke(builder.Services);
        builder.Services.AddDaprWorkflow(register);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        await sidecar.ConnectedAsync(refusals + 1);
        return new WorkerUnderTest(sidecar, host);
    }

    private static Dictionary<string, string?> Endpoint(Uri sidecar) =>
        new() { ["DAPR_GRPC_ENDPOINT"] = sidecar.ToString(), ["DAPR_API_TOKEN"] = "scripted" };

    /// <summary>Stops the worker as a shutdown does.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Sidecar.DisposeAsync();
    }
}
