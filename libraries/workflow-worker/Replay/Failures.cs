using MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow.Replay;

/// <summary>From the wire's failures to exceptions, and back.</summary>
internal static class Failures
{
    public static WorkflowTaskFailedException OfActivity(TaskFailureDetails? failure) =>
        new($"Task failed: {failure?.ErrorMessage ?? "Unknown error"}", Details(failure, "Unknown error"));

    public static WorkflowTaskFailedException OfChild(string workflowName, TaskFailureDetails? failure) =>
        new($"Child workflow '{workflowName}' failed", Details(failure, "Unknown message"));

    public static TaskFailureDetails Of(Exception exception, bool isNonRetriable) => new()
    {
        ErrorType = exception switch
        {
            NonDeterminismException => NonDeterminismException.ErrorType,
            ForeignAwaitException => ForeignAwaitException.ErrorType,
            _ => exception.GetType().FullName ?? exception.GetType().Name,
        },
        ErrorMessage = exception.Message,
        StackTrace = exception.StackTrace,
        IsNonRetriable = isNonRetriable,
    };

    private static WorkflowTaskFailureDetails Details(TaskFailureDetails? failure, string unknown) =>
        failure is null
            ? new WorkflowTaskFailureDetails("Exception", unknown)
            : new WorkflowTaskFailureDetails(failure.ErrorType, failure.ErrorMessage, failure.StackTrace);
}
