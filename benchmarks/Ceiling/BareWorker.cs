using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Benchmarks.Ceiling;

/// <summary>A worker that knows how to answer for chains without running any workflow code: what is left is the protocol.</summary>
internal sealed class BareWorker : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly TaskHubSidecarService.TaskHubSidecarServiceClient _client;
    private readonly AsyncServerStreamingCall<WorkItem> _stream;
    private readonly Task _reading;

    private BareWorker(Uri address, Metadata headers)
    {
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        _client = new TaskHubSidecarService.TaskHubSidecarServiceClient(_channel);
        _stream = _client.GetWorkItems(new GetWorkItemsRequest(), headers);
        Headers = headers;
        _reading = ReadAsync();
    }

    private Metadata Headers { get; }

    public static async Task<BareWorker> StartAsync(Uri address, Metadata headers)
    {
        var worker = new BareWorker(address, headers);
        await worker._stream.ResponseHeadersAsync;
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        _stream.Dispose();
        await _reading;
        _channel.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var item in _stream.ResponseStream.ReadAllAsync())
            {
                _ = Task.Run(() => AnswerAsync(item));
            }
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Cancelled)
        {
            // It was told to end.
        }
    }

    private async Task AnswerAsync(WorkItem item)
    {
        if (item.ActivityRequest is { } activity)
        {
            await _client.CompleteActivityTaskAsync(
                new ActivityResponse
                {
                    InstanceId = activity.WorkflowInstance.InstanceId,
                    TaskId = activity.TaskId,
                    Result = activity.Input,
                    CompletionToken = item.CompletionToken,
                },
                Headers);
        }
        else
        {
            await _client.CompleteOrchestratorTaskAsync(Answer(item), Headers);
        }
    }

    private static WorkflowResponse Answer(WorkItem item)
    {
        var turn = item.WorkflowRequest;
        var input = turn.PastEvents.Concat(turn.NewEvents).First(e => e.ExecutionStarted is not null).ExecutionStarted.Input;
        var done = turn.PastEvents.Count(e => e.TaskScheduled is not null);
        return new WorkflowResponse
        {
            InstanceId = turn.InstanceId,
            CompletionToken = item.CompletionToken,
            Actions = { done < int.Parse(input, CultureInfo.InvariantCulture) ? Call(done) : Complete() },
        };
    }

    private static WorkflowAction Call(int id) => new()
    {
        Id = id,
        ScheduleTask = new ScheduleTaskAction
        {
            Name = "PlusOne",
            Input = id.ToString(CultureInfo.InvariantCulture),
            TaskExecutionId = id.ToString("x32", CultureInfo.InvariantCulture),
        },
    };

    private static WorkflowAction Complete() => new()
    {
        CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Completed, Result = "1" },
    };
}
