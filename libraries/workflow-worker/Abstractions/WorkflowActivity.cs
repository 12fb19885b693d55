using Dapr.Workflow.Abstractions;

namespace Dapr.Workflow;

/// <summary>
/// The base of an activity: the place for every effect of a workflow. Deliveries are at least once;
/// <see cref="WorkflowActivityContext.TaskExecutionKey"/> is the same for every delivery of one call.
/// </summary>
/// <typeparam name="TInput">The input; <see langword="default"/> when the caller gave none.</typeparam>
/// <typeparam name="TOutput">The result.</typeparam>
public abstract class WorkflowActivity<TInput, TOutput> : IWorkflowActivity
{
    Type IWorkflowActivity.InputType => typeof(TInput);

    Type IWorkflowActivity.OutputType => typeof(TOutput);

    /// <summary>Runs the activity with an input whose type is not known at compile time.</summary>
    /// <param name="context">Who calls.</param>
    /// <param name="input">The input, of type <typeparamref name="TInput"/> or <see langword="null"/>.</param>
    /// <returns>The result.</returns>
    public async Task<object?> RunAsync(WorkflowActivityContext context, object? input) =>
        await RunAsync(context, input is null ? default! : (TInput)input);

    /// <summary>The activity's code.</summary>
    /// <param name="context">Who calls.</param>
    /// <param name="input">The input.</param>
    /// <returns>The result.</returns>
    public abstract Task<TOutput> RunAsync(WorkflowActivityContext context, TInput input);
}
