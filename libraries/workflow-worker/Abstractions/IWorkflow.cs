namespace Dapr.Workflow;

/// <summary>A workflow as the worker runs it: types erased. Applications derive from <see cref="Workflow{TInput, TOutput}"/>.</summary>
public interface IWorkflow
{
    /// <summary>The type that the instance's input is deserialised to.</summary>
    Type InputType { get; }

    /// <summary>The type of the result.</summary>
    Type OutputType { get; }

    /// <summary>Runs the workflow from its start up to its end or to the first await whose result is not in the history yet.</summary>
    /// <param name="context">The instance's context.</param>
    /// <param name="input">The deserialised input, or <see langword="null"/>.</param>
    /// <returns>The result.</returns>
    Task<object?> RunAsync(WorkflowContext context, object? input);
}
