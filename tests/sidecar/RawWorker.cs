using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests;

/// <summary>A worker that does only what a test tells it to.</summary>
internal sealed class RawWorker : IDisposable
{
    private readonly TaskHubSidecarService.TaskHubSidecarServiceClient _client;
    private readonly AsyncServerStreamingCall<WorkItem> _stream;

    private RawWorker(TaskHubSidecarService.TaskHubSidecarServiceClient client, AsyncServerStreamingCall<WorkItem> stream)
    {
        _client = client;
        _stream = stream;
    }

    public static async Task<RawWorker> ConnectAsync(TaskHubSidecarService.TaskHubSidecarServiceClient client)
    {
        var stream = client.GetWorkItems(new GetWorkItemsRequest());
        await stream.ResponseHeadersAsync;
        return new RawWorker(client, stream);
    }

    public Task<WorkItem> NextAsync() => NextAsync(TestContext.Current.CancellationToken);

    public async Task<WorkItem> NextAsync(CancellationToken cancellationToken)
    {
        Assert.True(await _stream.ResponseStream.MoveNext(cancellationToken), "The stream has ended.");
        return _stream.ResponseStream.Current;
    }

    public async Task<WorkItem> NextTurnAsync()
    {
        var item = await NextAsync();
        Assert.NotNull(item.WorkflowRequest);
        return item;
    }

    public async Task<WorkItem> NextActivityAsync()
    {
        var item = await NextAsync();
        Assert.NotNull(item.ActivityRequest);
        return item;
    }

    public async Task AnswerAsync(WorkItem turn, params WorkflowAction[] actions) => await RespondAsync(new WorkflowResponse
    {
        InstanceId = turn.WorkflowRequest.InstanceId,
        CompletionToken = turn.CompletionToken,
        Actions = { actions },
    });

    public async Task RespondAsync(WorkflowResponse response) => await _client.CompleteWorkflowTaskAsync(response);

    public async Task AnswerAsync(WorkItem activity, string result) => await _client.CompleteActivityTaskAsync(new ActivityResponse
    {
        InstanceId = activity.ActivityRequest.WorkflowInstance.InstanceId,
        TaskId = activity.ActivityRequest.TaskId,
        CompletionToken = activity.CompletionToken,
        Result = result,
    });

    /// <summary>Ends the stream, as a worker does that goes away.</summary>
    public void Dispose() => _stream.Dispose();
}
