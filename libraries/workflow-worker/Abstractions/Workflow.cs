namespace Dapr.Workflow;

/// <summary>
/// The base of a workflow. Its code is replayed: it must take time, identifiers and every effect from the
/// <see cref="WorkflowContext"/> and must await nothing but the context's tasks.
/// </summary>
/// <typeparam name="TInput">The input; <see langword="default"/> when the instance was started without one.</typeparam>
/// <typeparam name="TOutput">The result.</typeparam>
public abstract class Workflow<TInput, TOutput> : IWorkflow
{
    /// <summary>Initialises the base class.</summary>
    protected Workflow()
    {
    }

    Type IWorkflow.InputType => typeof(TInput);

    Type IWorkflow.OutputType => typeof(TOutput);

    async Task<object?> IWorkflow.RunAsync(WorkflowContext context, object? input) =>
        await RunAsync(context, input is null ? default! : (TInput)input);

    /// <summary>The workflow's code.</summary>
    /// <param name="context">The instance's context.</param>
    /// <param name="input">The input.</param>
    /// <returns>The result.</returns>
    public abstract Task<TOutput> RunAsync(WorkflowContext context, TInput input);
}
