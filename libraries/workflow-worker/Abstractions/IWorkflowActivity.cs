namespace Dapr.Workflow.Abstractions;

/// <summary>An activity as the worker runs it: types erased. Applications derive from <see cref="WorkflowActivity{TInput, TOutput}"/>.</summary>
public interface IWorkflowActivity
{
    /// <summary>The type that the input is deserialised to.</summary>
    Type InputType { get; }

    /// <summary>The type of the result.</summary>
    Type OutputType { get; }

    /// <summary>Runs the activity once. The same call can be delivered more than once.</summary>
    /// <param name="context">Who calls.</param>
    /// <param name="input">The deserialised input, or <see langword="null"/>.</param>
    /// <returns>The result.</returns>
    Task<object?> RunAsync(WorkflowActivityContext context, object? input);
}
