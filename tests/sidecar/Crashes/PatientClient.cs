using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Crashes;

/// <summary>A client that asks again until it gets an answer, whatever happens to the sidecar meanwhile.</summary>
internal sealed class PatientClient(Uri address) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(address);

    private TaskHubSidecarService.TaskHubSidecarServiceClient Calls => new(_channel);

    public async Task StartAsync(string id, string name, int input)
    {
        var request = new CreateInstanceRequest { InstanceId = id, Name = name, Input = $"{input}" };
        while (true)
        {
            try
            {
                await Calls.StartInstanceAsync(request, cancellationToken: TestContext.Current.CancellationToken);
                return;
            }
            catch (RpcException exception) when (IsLost(exception))
            {
                // It may have been stored all the same: once more would be a second run.
                if ((await AskAsync(calls => calls.GetInstanceAsync(new GetInstanceRequest { InstanceId = id }))).Exists)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Raises an event; after a lost answer it may be there twice.</summary>
    public Task RaiseAsync(string id, string name, int value) =>
        AskAsync(calls => calls.RaiseEventAsync(new RaiseEventRequest { InstanceId = id, Name = name, Input = $"{value}" }));

    public async Task<WorkflowState> EndAsync(string id) => (await AskAsync(calls => calls.WaitForInstanceCompletionAsync(
        new GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true }))).WorkflowState;

    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id) =>
        (await AskAsync(calls => calls.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id }))).Events;

    public void Dispose() => _channel.Dispose();

    private async Task<T> AskAsync<T>(Func<TaskHubSidecarService.TaskHubSidecarServiceClient, AsyncUnaryCall<T>> ask)
    {
        while (true)
        {
            try
            {
                using var call = ask(Calls);
                return await call.ResponseAsync.WaitAsync(TestContext.Current.CancellationToken);
            }
            catch (RpcException exception) when (IsLost(exception))
            {
                await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    private static bool IsLost(RpcException exception) =>
        exception.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal
        && !TestContext.Current.CancellationToken.IsCancellationRequested;
}
