using System.Diagnostics;
using Dapr.Common.Serialization;
using Dapr.Workflow.Replay;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Event = MeshWorkflow.WorkflowContracts.HistoryEvent.EventTypeOneofCase;

namespace Dapr.Workflow.Worker;

/// <summary>Runs turns: from a history to what the code asks for next.</summary>
internal sealed partial class WorkflowTurns(
    IWorkflowsFactory factory, IDaprSerializer serializer, IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<WorkflowTurns>();

    public async Task<WorkflowResponse> RunAsync(WorkflowRequest request)
    {
        var response = new WorkflowResponse { InstanceId = request.InstanceId };
        var timeline = request.PastEvents.Concat(request.NewEvents);
        if (timeline.LastOrDefault(e => e.EventTypeCase is Event.ExecutionTerminated) is { } terminated)
        {
            response.Actions.Add(Complete(OrchestrationStatus.Terminated, terminated.ExecutionTerminated.Input));
            return response;
        }

        var started = timeline.LastOrDefault(e => e.EventTypeCase is Event.ExecutionStarted);
        var name = started?.ExecutionStarted.Name;
        if (string.IsNullOrEmpty(name))
        {
            name = timeline.LastOrDefault(e => e.WorkflowStarted?.Version?.HasName is true)?.WorkflowStarted.Version.Name;
        }

        if (string.IsNullOrEmpty(name))
        {
            response.Actions.Add(Failed("WorkflowNameMissing", $"Nothing in the history of '{request.InstanceId}' names its workflow."));
            return response;
        }

        using var span = WorkerSpans.Start(
            $"Workflow {name}", ActivityKind.Internal, started?.ExecutionStarted.ParentTraceContext, request.InstanceId);
        await using var scope = scopes.CreateAsyncScope();
        if (!factory.TryCreateWorkflow(name, scope.ServiceProvider, out var workflow, out var activationException))
        {
            response.Actions.Add(activationException is null
                ? Failed("WorkflowNotFound", $"Workflow '{name}' is not registered in this app.")
                : Failed(activationException));
            return response;
        }

        var identity = new TurnIdentity(
            request.InstanceId, name, AppId(started), new DeterministicIds(request.InstanceId, request.ExecutionId));
        Run(workflow, identity, started?.ExecutionStarted.Input, request, response);
        return response;
    }

    private void Run(IWorkflow workflow, TurnIdentity identity, string? input, WorkflowRequest request, WorkflowResponse response)
    {
        var thread = new TurnThread(identity.Name, () => Log.ForeignAwait(_logger, identity.Name, identity.InstanceId));
        var patches = new Patches(request.PastEvents.Concat(request.NewEvents));
        var state = new ReplayState(identity.InstanceId, patches, thread)
        {
            Now = StartOfClock(request),
            IsReplaying = request.PastEvents.Count > 0,
        };

        // Without a context, what awaits a workflow's task runs on inside the very call that ends the task.
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var feed = new HistoryFeed(state);
            var code = StartAsync(workflow, new ReplayContext(identity, state, serializer, loggers), input, thread);
            feed.Feed(request.PastEvents);
            state.IsReplaying = false;
            feed.Feed(request.NewEvents);
            Answer(response, identity, state, code, feed.IsSuspended);
        }
        catch (NonDeterminismException exception)
        {
            Log.NonDeterminism(_logger, identity.Name, identity.InstanceId, exception.Message);
            response.Version = patches.Recorded(identity.Name);
            response.Actions.Add(Failed(exception));
        }
        finally
        {
            thread.End();
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private async Task<object?> StartAsync(IWorkflow workflow, WorkflowContext context, string? input, TurnThread thread)
    {
        object? result;
        try
        {
            var value = string.IsNullOrEmpty(input) ? null : serializer.Deserialize(input, workflow.InputType);
            result = await workflow.RunAsync(context, value);
        }
        catch (Exception) when (!thread.IsCurrent)
        {
            throw thread.Foreign();
        }

        thread.Verify();
        return result;
    }

    private void Answer(WorkflowResponse response, TurnIdentity identity, ReplayState state, Task<object?> code, bool suspended)
    {
        if (state.Tasks.Mismatch is { } mismatch)
        {
            throw mismatch;
        }

        response.CustomStatus = state.CustomStatus;
        response.Version = state.Patches.ToVersion(identity.Name);
        if (suspended)
        {
            return;
        }

        response.Actions.Add(state.Actions.Pending);
        if (state.Continuations.Count > 0)
        {
            state.Continuations.FindAll(again => again.KeepEvents).ForEach(again => again.Action.CarryoverEvents.Add(state.Events.Kept));
        }
        else if (code.IsCompleted)
        {
            response.Actions.Add(End(code));
        }
        else if (!state.CanBeWoken)
        {
            response.Actions.Add(Failed(state.Thread.Foreign()));
        }
    }

    private WorkflowAction End(Task<object?> code)
    {
        try
        {
            return Complete(OrchestrationStatus.Completed, Serialize(code.GetAwaiter().GetResult()));
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }
    }

    private static WorkflowAction Complete(OrchestrationStatus status, string? result) => new()
    {
        CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = status, Result = result },
    };

    private static WorkflowAction Failed(Exception exception) => Failed(Failures.Of(exception, isNonRetriable: true));

    private static WorkflowAction Failed(string errorType, string message) =>
        Failed(new TaskFailureDetails { ErrorType = errorType, ErrorMessage = message, IsNonRetriable = true });

    private static WorkflowAction Failed(TaskFailureDetails failure) => new()
    {
        CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Failed, FailureDetails = failure },
    };

    // The first turn's time is its own; later turns begin with the time of the first, as the code saw it then.
    private static DateTime StartOfClock(WorkflowRequest request)
    {
        var first = request.PastEvents.Count > 0
            ? request.PastEvents[0]
            : request.NewEvents.LastOrDefault(e => e.EventTypeCase is Event.WorkflowStarted) ?? request.NewEvents.FirstOrDefault();
        return first?.Timestamp?.ToDateTime() ?? DateTime.UnixEpoch;
    }

    private static string? AppId(HistoryEvent? started)
    {
        if (started?.Router is not { } router)
        {
            return null;
        }

        return router.HasTargetAppID && router.TargetAppID.Length > 0 ? router.TargetAppID : router.SourceAppID;
    }
    private string Serialize(object? value) => value is null ? "" : serializer.Serialize(value);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Workflow {Workflow} ({InstanceId}) no longer does what its history says: {Message}")]
        public static partial void NonDeterminism(ILogger logger, string workflow, string instanceId, string message);

        [LoggerMessage(
            LogLevel.Error,
            "Workflow {Workflow} ({InstanceId}) awaits something that is not a workflow task; its continuation was not run. "
            + "Await only what WorkflowContext returns; do everything else in an activity.")]
        public static partial void ForeignAwait(ILogger logger, string workflow, string instanceId);
    }
}
