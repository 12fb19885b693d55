using System.Security.Cryptography;
using MeshWorkflow.Certificates;
using MeshWorkflow.ControlPlane;
using MeshWorkflow.Gateway;
using MeshWorkflow.Iam;
using MeshWorkflow.Ledger;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Workflows.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeshWorkflow.Cli.Machine;

/// <summary>
/// The whole product in one process: the embedded sidecar, the four services and the orchestrator, on loopback. Each app has tokens of
/// its own, made for this process, and knows its sidecar by address and token alone, as it would anywhere else.
/// </summary>
internal sealed class OneMachine : IAsyncDisposable
{
    private static readonly (string Id, Func<WebApplicationBuilder, WebApplication> Build)[] Apps =
    [
        (IamApp.AppId, IamApp.Build),
        (CertificatesApp.AppId, CertificatesApp.Build),
        (ControlPlaneApp.AppId, ControlPlaneApp.Build),
        (GatewayApp.AppId, GatewayApp.Build),
        (OrchestratorApp.AppId, OrchestratorApp.Build),
    ];

    // Whoever runs it may read what they may read: paths of requests are theirs. Settings say otherwise.
    private static readonly Dictionary<string, string?> Defaults = new() { ["IstioCa:Folder"] = Path.GetPathRoot(Environment.CurrentDirectory) };

    private readonly List<IAsyncDisposable> _running = [];

    private OneMachine()
    {
    }

    /// <summary>Where the REST API is.</summary>
    public Uri ApiAddress { get; private set; } = new("about:blank");

    public static async Task<OneMachine> StartAsync(MachineOptions options, CancellationToken cancellationToken)
    {
        options.Folder.Make();
        var machine = new OneMachine();
        try
        {
            await machine.RunAsync(options, cancellationToken);
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }

        return machine;
    }

    /// <summary>Stops what runs, last started first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var running in _running.AsEnumerable().Reverse())
        {
            await running.DisposeAsync();
        }

        _running.Clear();
    }

    private async Task RunAsync(MachineOptions options, CancellationToken cancellationToken)
    {
        var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                StateFile = options.Folder.StateFile,
                Apps = [.. Apps.Select(app => new SidecarApp { Id = app.Id, ApiToken = Token(), AppApiToken = Token() })],

                // Activities change the world: none runs that the state file does not know of, whatever happens to the power.
                ActivityDispatch = ActivityDispatch.AfterFlush,

                // Histories tell how a rollout went; what it changed is in the ledger, which stays.
                Retention = new WorkflowRetention { AnyTerminal = TimeSpan.FromDays(30) },
                StateStores = [new SidecarStateStore(MeshState.Component, StateKeyPrefix.Name)],
                Loggers = options.Loggers,
            },
            cancellationToken);
        _running.Add(sidecar);
        foreach (var (id, build) in Apps)
        {
            var endpoints = sidecar.Apps[id];
            var app = build(BuilderFor(endpoints, options));
            _running.Add(app);
            await app.StartAsync(cancellationToken);
            endpoints.AppAddress = new Uri(app.Urls.First());
        }

        ApiAddress = sidecar.Apps[OrchestratorApp.AppId].AppAddress ?? ApiAddress;
        await PackageSettings.WriteAsync(options.Folder, options.Settings, cancellationToken);
        await File.WriteAllTextAsync(options.Folder.AddressFile, ApiAddress.ToString(), cancellationToken);
    }

    // Empty: nothing of the machine's environment changes what an app does here.
    private static WebApplicationBuilder BuilderFor(AppEndpoints sidecar, MachineOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(Defaults);
        builder.Configuration.AddConfiguration(options.Settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DAPR_GRPC_ENDPOINT"] = sidecar.GrpcAddress.ToString(),
            ["DAPR_HTTP_ENDPOINT"] = sidecar.HttpAddress.ToString(),
            ["DAPR_API_TOKEN"] = sidecar.App.ApiToken,
            ["APP_API_TOKEN"] = sidecar.App.AppApiToken,
            ["Api:TokenFile"] = options.Folder.TokenFile,
        });
        builder.Services.Replace(ServiceDescriptor.Singleton(options.Loggers));
        options.Adjust?.Invoke(builder);
        return builder;
    }

    private static string Token() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}
