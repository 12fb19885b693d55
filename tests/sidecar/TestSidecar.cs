using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests;

/// <summary>An embedded sidecar with a state file of its own, and raw clients of it.</summary>
internal sealed class TestSidecar : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-sidecar-").FullName;
    private readonly List<GrpcChannel> _channels = [];
    private SidecarHost? _host;

    private TestSidecar()
    {
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string StateFile => Path.Combine(_folder, "state.db");

    public SidecarHost Host => _host ?? throw new InvalidOperationException("It is stopped.");

    /// <summary>Starts one for the apps "a" and "b".</summary>
    public static async Task<TestSidecar> StartAsync(
        int maxMessageSize = 4 * 1024 * 1024, WorkflowRetention? retention = null, SidecarLimits? limits = null)
    {
        var sidecar = new TestSidecar();
        await sidecar.RestartAsync(maxMessageSize, retention, limits);
        return sidecar;
    }

    public async Task RestartAsync(
        int maxMessageSize = 4 * 1024 * 1024, WorkflowRetention? retention = null, SidecarLimits? limits = null)
    {
        await StopAsync();
        _host = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                StateFile = StateFile,
                Apps = [new SidecarApp { Id = "a" }, new SidecarApp { Id = "b" }],
                StateStores = [new SidecarStateStore("store"), new SidecarStateStore("shared", StateKeyPrefix.Name)],
                MaxMessageSize = maxMessageSize,
                Retention = retention ?? WorkflowRetention.Forever,
                Limits = limits ?? new SidecarLimits(),
            },
            Cancellation);
    }

    public async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
            _host = null;
        }
    }

    public GrpcChannel Channel(string app = "a")
    {
        var channel = GrpcChannel.ForAddress(
            Host.Apps[app].GrpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        _channels.Add(channel);
        return channel;
    }

    public TaskHubSidecarService.TaskHubSidecarServiceClient Client(string app = "a") => new(Channel(app));

    public Task<RawWorker> ConnectAsync(string app = "a") => RawWorker.ConnectAsync(Client(app));

    /// <summary>Starts an instance without waiting for its first turn: that needs the test as its worker.</summary>
    public Task<CreateInstanceResponse> BeginAsync(string id, string name = "w", string? input = null, string app = "a") =>
        Client(app).StartInstanceAsync(new CreateInstanceRequest { InstanceId = id, Name = name, Input = input }).ResponseAsync;

    public async Task<OrchestrationStatus> StatusAsync(string id, string app = "a") => (await StateAsync(id, app)).WorkflowStatus;

    public async Task<WorkflowState> StateAsync(string id, string app = "a")
    {
        var response = await Client(app).GetInstanceAsync(new GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true });
        return response.WorkflowState ?? throw new InvalidOperationException($"There is no instance '{id}'.");
    }

    public async Task<WorkflowState> EndAsync(string id, string app = "a") => (await Client(app).WaitForInstanceCompletionAsync(
        new GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true }, cancellationToken: Cancellation)).WorkflowState;

    public static async Task<Status> RefusalAsync<T>(Func<AsyncUnaryCall<T>> call) =>
        (await Assert.ThrowsAsync<RpcException>(() => call().ResponseAsync)).Status;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _channels.ForEach(channel => channel.Dispose());
        Directory.Delete(_folder, recursive: true);
    }
}
