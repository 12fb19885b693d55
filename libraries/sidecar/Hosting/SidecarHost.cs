using Grpc.AspNetCore.Server.Model;
using MeshWorkflow.Sidecar.Invocation;
using MeshWorkflow.Sidecar.State;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.Sidecar.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>A running sidecar. It serves Dapr's gRPC contracts on loopback, for several apps at once, on one state file.</summary>
public sealed class SidecarHost : IAsyncDisposable
{
    // What apps are still at when the sidecar stops is cut off after this, as with daprd.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _web;
    private readonly WorkflowEngine _engine;
    private readonly Database _database;

    private SidecarHost(WebApplication web, WorkflowEngine engine, Database database, AppDirectory apps)
    {
        _web = web;
        _engine = engine;
        _database = database;
        Apps = apps.ById;
    }

    /// <summary>The apps' addresses, by app id.</summary>
    public IReadOnlyDictionary<string, AppEndpoints> Apps { get; }

    internal Database Database => _database;

    /// <summary>Opens the state file, takes up what is under way in it, and serves.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <returns>The running sidecar; disposing of it stops it.</returns>
    /// <exception cref="StateFileException">The state file can't be used.</exception>
    public static async Task<SidecarHost> StartAsync(SidecarOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var database = Database.Open(options.StateFile, options.Flush);
        var settings = new EngineOptions(options.MaxMessageSize, options.Retention, options.Limits, options.ActivityDispatch);
        var engine = new WorkflowEngine(database, settings, options.Time, options.Loggers);
        var apps = new AppDirectory(options.Apps);
        var web = Build(options, database, engine, apps);
        try
        {
            foreach (var app in options.Apps)
            {
                engine.Serve(app.Id);
            }

            await engine.StartAsync();
            await web.StartAsync(cancellationToken);
        }
        catch
        {
            await web.DisposeAsync();
            engine.Dispose();
            await database.DisposeAsync();
            throw;
        }

        return new SidecarHost(web, engine, database, apps);
    }

    /// <summary>Copies all that is stored into a new file, while everything goes on. The copy is compact and can be started from.</summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <returns>A task that ends when the copy is complete.</returns>
    /// <exception cref="StateFileException">The copy can't be made there.</exception>
    public Task BackupAsync(string path) => _database.BackupAsync(path);

    /// <summary>Ends the workers' streams, waits for what is being stored, and closes the state file.</summary>
    /// <returns>A task that ends when all is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        _engine.Dispose();
        await _web.StopAsync();
        await _web.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static WebApplication Build(SidecarOptions options, Database database, WorkflowEngine engine, AppDirectory apps)
    {
        // Empty: no settings file or variable of the app's process changes how its sidecar listens.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = options.Limits.MaxCallsPerConnection;
            kestrel.Limits.MaxConcurrentConnections = options.Limits.MaxConnections;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
            kestrel.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
            kestrel.Limits.Http2.KeepAlivePingDelay = options.Ping.Delay;
            kestrel.Limits.Http2.KeepAlivePingTimeout = options.Ping.Timeout;
            apps.Listen(kestrel);
        });
        var services = builder.Services;
        services.Replace(ServiceDescriptor.Singleton(options.Loggers));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.AddRouting();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxMessageSize;
            grpc.MaxSendMessageSize = options.MaxMessageSize;
            grpc.Interceptors.Add<CallEdge>();

            // What isn't served here is for the app that the call names.
            grpc.IgnoreUnknownServices = true;
        });
        services.AddSingleton<IServiceMethodProvider<DaprRuntimeService>, DaprRuntimeMethods>();
        services.AddSingleton(options.Time);

        // Without state of their own: made once, not per call.
        services.AddSingleton<CallEdge>();
        services.AddSingleton<TaskHubService>();
        services.AddSingleton<DaprRuntimeService>();
        services.AddSingleton(database);
        services.AddSingleton(engine);
        services.AddSingleton(apps);
        services.AddSingleton<SidecarMetadata>();
        services.AddSingleton(new StateStores(options.StateStores, new StateTable(database, options.Time)));
        services.AddInvocation();

        var web = builder.Build();
        web.UseMiddleware<HttpSizeLimit>(options.MaxMessageSize);
        web.UseMiddleware<ApiTokenCheck>();
        web.UseRouting();
        web.MapGrpcService<TaskHubService>();
        web.MapGrpcService<DaprRuntimeService>();
        web.MapHealth(new SidecarHealth(database, engine, options));
        new StateHttpApi(web.Services.GetRequiredService<StateStores>(), options.Time).Map(web);
        web.MapMetadata(web.Services.GetRequiredService<SidecarMetadata>());
        web.MapFallback(web.Services.GetRequiredService<InvocationProxy>().InvokeAsync);
        return web;
    }
}
