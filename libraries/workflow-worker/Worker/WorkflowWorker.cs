using System.Collections.Concurrent;
using Dapr.Common.Serialization;
using Dapr.Workflow.Connection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Worker;

/// <summary>
/// Takes work from the sidecar and answers it, for as long as the app runs. A lost stream is opened again for ever; on shutdown
/// what is under way is finished and answered first.
/// </summary>
internal sealed partial class WorkflowWorker(
    SidecarConnection connection,
    IWorkflowsFactory factory,
    IDaprSerializer serializer,
    IServiceScopeFactory scopes,
    ILoggerFactory loggers,
    TimeProvider time) : BackgroundService
{
    private const int MaxConcurrentTurns = 100;
    private const int MaxConcurrentActivities = 100;
    private static readonly TimeSpan HelloInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstReconnectDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestReconnectDelay = TimeSpan.FromSeconds(5);

    private readonly TaskHubSidecarService.TaskHubSidecarServiceClient _sidecar = new(connection.Invoker);
    private readonly WorkflowTurns _turns = new(factory, serializer, scopes, loggers);
    private readonly ActivityCalls _activities = new(factory, serializer, scopes);
    private readonly ILogger _logger = loggers.CreateLogger<WorkflowWorker>();
    private readonly SemaphoreSlim _turnGate = new(MaxConcurrentTurns);
    private readonly SemaphoreSlim _activityGate = new(MaxConcurrentActivities);
    private readonly ConcurrentDictionary<Task, bool> _inFlight = new();
    private volatile bool _draining;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The stream stays open meanwhile: closing it would make the sidecar hand the same work to another worker.
        _draining = true;
        try
        {
            await Task.WhenAll(_inFlight.Keys).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.DrainCutShort(_logger, _inFlight.Count);
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _turnGate.Dispose();
        _activityGate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstReconnectDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ReadStreamAsync(() => delay = FirstReconnectDelay, stoppingToken);
                Log.StreamEnded(_logger);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.StreamLost(_logger, exception.Message);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await Task.Delay(delay, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            delay = delay * 2 < LongestReconnectDelay ? delay * 2 : LongestReconnectDelay;
        }
    }

    private async Task ReadStreamAsync(Action connected, CancellationToken stoppingToken)
    {
        using var stream = _sidecar.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: stoppingToken);
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var hello = SayHelloAsync(closed.Token);
        try
        {
            await stream.ResponseHeadersAsync;
            connected();
            Log.Connected(_logger);
            await foreach (var item in stream.ResponseStream.ReadAllAsync(stoppingToken))
            {
                connected();
                Take(item);
            }
        }
        finally
        {
            await closed.CancelAsync();
            await hello;
        }
    }

    private void Take(WorkItem item)
    {
        // While draining, new work is left to whoever takes over when the stream closes.
        if (_draining)
        {
            return;
        }

        var work = item.RequestCase switch
        {
            WorkItem.RequestOneofCase.WorkflowRequest => Task.Run(() => TurnAsync(item)),
            WorkItem.RequestOneofCase.ActivityRequest => Task.Run(() => ActivityAsync(item)),
            _ => UnknownAsync(item),
        };
        _inFlight.TryAdd(work, true);
        _ = work.ContinueWith(
            done => _inFlight.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task TurnAsync(WorkItem item)
    {
        await _turnGate.WaitAsync();
        try
        {
            var request = item.WorkflowRequest;
            if (request.RequiresHistoryStreaming)
            {
                var rest = await _sidecar.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = request.InstanceId });
                request.PastEvents.Add(rest.Events);
            }

            var response = await _turns.RunAsync(request);
            response.CompletionToken = item.CompletionToken;
            await _sidecar.CompleteOrchestratorTaskAsync(response);
        }
        catch (Exception exception)
        {
            Log.NotAnswered(_logger, exception, "turn", item.WorkflowRequest.InstanceId);
        }
        finally
        {
            _turnGate.Release();
        }
    }

    private async Task ActivityAsync(WorkItem item)
    {
        await _activityGate.WaitAsync();
        try
        {
            var response = await _activities.RunAsync(item.ActivityRequest);
            response.CompletionToken = item.CompletionToken;
            await _sidecar.CompleteActivityTaskAsync(response);
        }
        catch (Exception exception)
        {
            Log.NotAnswered(_logger, exception, $"activity {item.ActivityRequest.Name}", item.ActivityRequest.WorkflowInstance?.InstanceId);
        }
        finally
        {
            _activityGate.Release();
        }
    }

    private Task UnknownAsync(WorkItem item)
    {
        Log.UnknownWork(_logger, item.RequestCase);
        return Task.CompletedTask;
    }

    // Keeps balancers that only see requests from closing the connection under the stream.
    private async Task SayHelloAsync(CancellationToken closed)
    {
        using var timer = new PeriodicTimer(HelloInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(closed))
            {
                try
                {
                    await _sidecar.HelloAsync(new Empty(), cancellationToken: closed);
                }
                catch (RpcException exception)
                {
                    Log.HelloFailed(_logger, exception.Status);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The stream has ended; so does this.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Connected to the sidecar; taking workflow work.")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(LogLevel.Information, "The sidecar ended the work stream; opening it again.")]
        public static partial void StreamEnded(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The work stream is lost ({Reason}); opening it again.")]
        public static partial void StreamLost(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "Hello to the sidecar failed: {Status}")]
        public static partial void HelloFailed(ILogger logger, Status status);

        [LoggerMessage(LogLevel.Error, "The {Work} of instance {InstanceId} was not answered; the sidecar will deliver it again.")]
        public static partial void NotAnswered(ILogger logger, Exception exception, string work, string? instanceId);

        [LoggerMessage(LogLevel.Warning, "Work of an unknown kind ({Kind}) was left.")]
        public static partial void UnknownWork(ILogger logger, WorkItem.RequestOneofCase kind);

        [LoggerMessage(LogLevel.Warning, "Shutdown was cut short with {Count} pieces of work under way; they will be delivered again.")]
        public static partial void DrainCutShort(ILogger logger, int count);
    }
}
