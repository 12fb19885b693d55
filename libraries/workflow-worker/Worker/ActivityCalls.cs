using System.Diagnostics;
using Dapr.Common.Serialization;
using Dapr.Workflow.Abstractions;
using Dapr.Workflow.Replay;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.DependencyInjection;

namespace Dapr.Workflow.Worker;

/// <summary>Runs activities. Whatever they throw becomes the call's failure.</summary>
internal sealed class ActivityCalls(IWorkflowsFactory factory, IDaprSerializer serializer, IServiceScopeFactory scopes)
{
    public async Task<ActivityResponse> RunAsync(ActivityRequest request)
    {
        var response = new ActivityResponse { InstanceId = request.WorkflowInstance?.InstanceId ?? "", TaskId = request.TaskId };
        using var span = StartSpan(request);
        try
        {
            response.Result = await CallAsync(request);
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            response.FailureDetails = Failures.Of(exception, isNonRetriable: false);
        }

        if (response.FailureDetails is null && response.Result is null)
        {
            response.FailureDetails = NotFound(request.Name);
        }

        return response;
    }

    // Null: there is no such activity.
    private async Task<string?> CallAsync(ActivityRequest request)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!factory.TryCreateActivity(request.Name, scope.ServiceProvider, out var activity, out var activationException))
        {
            return activationException is null ? null : throw activationException;
        }

        var input = string.IsNullOrEmpty(request.Input) ? null : serializer.Deserialize(request.Input, activity.InputType);
        var context = new CallContext(request.Name, request.TaskExecutionId, request.WorkflowInstance?.InstanceId ?? "");
        var result = await activity.RunAsync(context, input);
        return result is null ? "" : serializer.Serialize(result);
    }

    private static TaskFailureDetails NotFound(string name) => new()
    {
        ErrorType = "ActivityNotFoundException",
        ErrorMessage = $"Activity '{name}' not found",
    };

    private static Activity? StartSpan(ActivityRequest request) => WorkerSpans.Start(
        $"WorkflowActivity {request.Name}", ActivityKind.Server, request.ParentTraceContext, request.WorkflowInstance?.InstanceId);

    private sealed class CallContext(string name, string taskExecutionKey, string instanceId) : WorkflowActivityContext
    {
        public override TaskIdentifier Identifier => name;

        public override string TaskExecutionKey => taskExecutionKey;

        public override string InstanceId => instanceId;
    }
}
