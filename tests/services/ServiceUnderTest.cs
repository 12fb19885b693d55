using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ServiceDescriptor = Microsoft.Extensions.DependencyInjection.ServiceDescriptor;

namespace MeshWorkflow.Tests.Services;

/// <summary>One service behind a sidecar of its own, and a sandbox that it works on. The test plays the orchestrator.</summary>
public sealed class ServiceUnderTest : IAsyncDisposable
{
    private const string Tester = "tester";
    private readonly string _folder;
    private readonly List<IAsyncDisposable> _running = [];
    private ServiceProvider? _state;

    private ServiceUnderTest() => _folder = Directory.CreateTempSubdirectory("meshwf-service-").FullName;

    public SandboxHost Sandbox { get; private set; } = null!;

    /// <summary>Calls the service through the tester's sidecar.</summary>
    public CallInvoker Invoker { get; private set; } = null!;

    /// <summary>The service's own address, which only its sidecar is to call.</summary>
    public Uri AppAddress { get; private set; } = new("about:blank");

    public Epochs Epochs => State<Epochs>();

    /// <summary>What the service and its hosts log, each line with its scopes.</summary>
    public RecordedLogs Logs { get; } = new();

    /// <summary>Starts a service.</summary>
    /// <param name="appId">Its app id.</param>
    /// <param name="build">Makes it.</param>
    /// <param name="world">What it works on; null: the demo's world.</param>
    /// <param name="specs">The files that the specs of its steps are declared in.</param>
    public static async Task<ServiceUnderTest> StartAsync(
        string appId, Func<WebApplicationBuilder, WebApplication> build, World? world = null, params FileDescriptor[] specs)
    {
        var made = new ServiceUnderTest();
        await made.RunAsync(appId, build, world ?? World.Demo, specs);
        return made;
    }

    /// <summary>Starts another service that works on the same sandbox. To be disposed of first.</summary>
    public async Task<ServiceUnderTest> StartBesideAsync(
        string appId, Func<WebApplicationBuilder, WebApplication> build, params FileDescriptor[] specs)
    {
        var made = new ServiceUnderTest { Sandbox = Sandbox };
        await made.RunAsync(appId, build, world: null, specs);
        return made;
    }

    /// <summary>The steps of the service, one run of one step at a time.</summary>
    public StepUnderTest Step(string step, string scope, IMessage spec, string rollout = "test", int generation = 1) =>
        new(this, new Call { Rollout = rollout, Generation = generation, Scope = scope, Step = step }, spec);

    /// <summary>Calls a method of the service that is no step's.</summary>
    public async Task<TReply> CallAsync<TRequest, TReply>(string service, string method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>, new()
    {
        var called = new Method<TRequest, TReply>(MethodType.Unary, service, method, MarshallerOf<TRequest>(), MarshallerOf<TReply>());
        return await Invoker.AsyncUnaryCall(called, host: null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), request);
    }

    /// <summary>Everything in the state file, as text; what is gzipped as what it is.</summary>
    public IEnumerable<string> StateTexts() => StateFiles.Texts(Path.Combine(_folder, "state.db"));

    public T State<T>()
        where T : notnull => (_state ?? throw new InvalidOperationException("Not started.")).GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _running.AsEnumerable().Reverse())
        {
            await running.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync(string appId, Func<WebApplicationBuilder, WebApplication> build, World? world, FileDescriptor[] specs)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(Logs));
        if (world is not null)
        {
            Sandbox = await SandboxHost.StartAsync(Options(world, loggers), cancellationToken);
            _running.Add(Sandbox);
        }

        var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                StateFile = Path.Combine(_folder, "state.db"),
                Apps =
                [
                    new SidecarApp { Id = appId, ApiToken = "service-sidecar-token", AppApiToken = "service-app-token" },
                    new SidecarApp { Id = Tester, ApiToken = "tester-sidecar-token" },
                ],
                StateStores = [new SidecarStateStore(MeshState.Component, StateKeyPrefix.Name)],
                Loggers = loggers,
            },
            cancellationToken);
        _running.Add(sidecar);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(Settings(sidecar.Apps[appId]));
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        var app = build(builder);
        _running.Add(app);
        await app.StartAsync(cancellationToken);
        AppAddress = new Uri(app.Urls.First());
        sidecar.Apps[appId].AppAddress = AppAddress;

        var tester = new ConfigurationBuilder().AddInMemoryCollection(Settings(sidecar.Apps[Tester])).Build();
        Invoker = SidecarClients.InvokerOf(tester, appId);
        _state = new ServiceCollection()
            .AddSingleton<IConfiguration>(tester)
            .AddMeshState()
            .AddSingleton(new LedgerCodec([StepsReflection.Descriptor, .. specs]))
            .BuildServiceProvider();
        _running.Add(_state);
    }

    private SandboxOptions Options(World world, ILoggerFactory loggers) => new()
    {
        Folder = Path.Combine(_folder, "sandbox"),
        World = world,
        OperationTime = TimeSpan.FromMilliseconds(20),
        TerminationTime = TimeSpan.FromMilliseconds(20),
        PodStartTime = TimeSpan.FromMilliseconds(20),
        PodStopTime = TimeSpan.FromMilliseconds(20),
        RetryTime = TimeSpan.FromMilliseconds(50),
        Loggers = loggers,
    };

    private Dictionary<string, string?> Settings(AppEndpoints sidecar) => new()
    {
        ["DAPR_GRPC_ENDPOINT"] = sidecar.GrpcAddress.ToString(),
        ["DAPR_HTTP_ENDPOINT"] = sidecar.HttpAddress.ToString(),
        ["DAPR_API_TOKEN"] = sidecar.App.ApiToken,
        ["APP_API_TOKEN"] = sidecar.App.AppApiToken,
        ["GoogleCloud:BaseAddress"] = Sandbox.Addresses.Google.ToString(),
        ["GoogleCloud:CredentialsFile"] = Sandbox.Addresses.CredentialsFile,
        ["MeshPackage:Release"] = Sandbox.Addresses.PackageRelease.ToString(),
        ["MeshPackage:Configuration"] = Sandbox.Addresses.PackageConfiguration.ToString(),
        ["MeshPackage:Cache"] = Path.Combine(_folder, "packages"),
    };

    private static Marshaller<T> MarshallerOf<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return Marshallers.Create(message => message.ToByteArray(), bytes => parser.ParseFrom(bytes));
    }
}
