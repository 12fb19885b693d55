using System.Globalization;
using Dapr.Workflow;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Tests.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(SidecarUnderTest))]

namespace MeshWorkflow.Tests.Conformance;

/// <summary>
/// The sidecar that the scenarios run against, with one worker on it: the one at MESHWF_TEST_SIDECAR (its gRPC address; its token
/// in DAPR_API_TOKEN), or by default an embedded one of their own.
/// </summary>
public sealed class SidecarUnderTest : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-conformance-").FullName;
    private readonly string _run = Convert.ToHexStringLower(BitConverter.GetBytes(Environment.TickCount64))[..8];
    private SidecarHost? _embedded;
    private IHost? _worker;
    private int _ids;

    public static string? ExternalAddress => Environment.GetEnvironmentVariable("MESHWF_TEST_SIDECAR");

    public Uri Address { get; private set; } = new("http://localhost");

    public DaprWorkflowClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (ExternalAddress is { } external)
        {
            Address = new Uri(external);
        }
        else
        {
            _embedded = await SidecarHost.StartAsync(
                new SidecarOptions
                {
                    StateFile = Path.Combine(_folder, "state.db"),
                    Apps = [new SidecarApp { Id = "conformance", ApiToken = "conformance-token" }],
                    StateStores = [new SidecarStateStore("meshworkflow", StateKeyPrefix.Name)],
                },
                TestContext.Current.CancellationToken);
            Address = _embedded.Apps["conformance"].GrpcAddress;
        }

        _worker = await StartWorkerAsync(options =>
        {
            Scenarios.Register(options);
            Programs.Register(options);
            AnySidecar.ClientScenarios.Register(options);
        });
        Client = _worker.Services.GetRequiredService<DaprWorkflowClient>();
    }

    /// <summary>An instance id that no other run against the same sidecar has used.</summary>
    public string NewId(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{_run}-{Interlocked.Increment(ref _ids)}");

    public async Task<IHost> StartWorkerAsync(Action<WorkflowRuntimeOptions> register)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DAPR_GRPC_ENDPOINT"] = Address.ToString(),
            ["DAPR_API_TOKEN"] = ExternalAddress is null ? "conformance-token" : Environment.GetEnvironmentVariable("DAPR_API_TOKEN"),
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddDaprWorkflow(register);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            await _worker.StopAsync();
            _worker.Dispose();
        }

        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
