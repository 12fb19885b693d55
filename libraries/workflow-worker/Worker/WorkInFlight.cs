using System.Collections.Concurrent;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Worker;

/// <summary>The work that was taken and is not answered yet. Each piece runs on its own, up to a ceiling per kind.</summary>
internal sealed partial class WorkInFlight(
    TaskHubSidecarService.TaskHubSidecarServiceClient sidecar, WorkflowTurns turns, ActivityCalls activities, ILogger logger) : IDisposable
{
    private const int MaxConcurrentTurns = 100;
    private const int MaxConcurrentActivities = 100;

    private readonly SemaphoreSlim _turnGate = new(MaxConcurrentTurns);
    private readonly SemaphoreSlim _activityGate = new(MaxConcurrentActivities);
    private readonly ConcurrentDictionary<Task, bool> _inFlight = new();
    private volatile bool _draining;

    public void Take(WorkItem item)
    {
        // While draining, new work is left to whoever takes over when the stream closes.
        if (_draining)
        {
            return;
        }

        Task work;
        switch (item.RequestCase)
        {
            case WorkItem.RequestOneofCase.WorkflowRequest:
                work = Task.Run(() => TurnAsync(item.WorkflowRequest, item.CompletionToken));
                break;
            case WorkItem.RequestOneofCase.ActivityRequest:
                work = Task.Run(() => ActivityAsync(item.ActivityRequest, item.CompletionToken));
                break;
            default:
                Log.UnknownWork(logger, item.RequestCase);
                return;
        }

        _inFlight.TryAdd(work, true);
        _ = work.ContinueWith(
            done => _inFlight.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Takes no more, and waits until everything that was taken is answered.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        try
        {
            while (!_inFlight.IsEmpty)
            {
                await Task.WhenAll(_inFlight.Keys).WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Log.DrainCutShort(logger, _inFlight.Count);
        }
    }

    public void Dispose()
    {
        _turnGate.Dispose();
        _activityGate.Dispose();
    }

    private async Task TurnAsync(WorkflowRequest request, string completionToken)
    {
        await _turnGate.WaitAsync();
        try
        {
            if (request.RequiresHistoryStreaming)
            {
                var rest = await sidecar.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = request.InstanceId });
                request.PastEvents.Add(rest.Events);
            }

            var response = await turns.RunAsync(request);
            response.CompletionToken = completionToken;
            await sidecar.CompleteOrchestratorTaskAsync(response);
        }
        catch (Exception exception)
        {
            Log.NotAnswered(logger, exception, "turn", request.InstanceId);
        }
        finally
        {
            _turnGate.Release();
        }
    }

    private async Task ActivityAsync(ActivityRequest request, string completionToken)
    {
        await _activityGate.WaitAsync();
        try
        {
            var response = await activities.RunAsync(request);
            response.CompletionToken = completionToken;
            await sidecar.CompleteActivityTaskAsync(response);
        }
        catch (Exception exception)
        {
            Log.NotAnswered(logger, exception, $"activity {request.Name}", request.WorkflowInstance?.InstanceId);
        }
        finally
        {
            _activityGate.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The {Work} of instance {InstanceId} was not answered; the sidecar will deliver it again.")]
        public static partial void NotAnswered(ILogger logger, Exception exception, string work, string? instanceId);

        [LoggerMessage(LogLevel.Warning, "Work of an unknown kind ({Kind}) was left.")]
        public static partial void UnknownWork(ILogger logger, WorkItem.RequestOneofCase kind);

        [LoggerMessage(LogLevel.Warning, "Shutdown was cut short with {Count} pieces of work under way; they will be delivered again.")]
        public static partial void DrainCutShort(ILogger logger, int count);
    }
}
