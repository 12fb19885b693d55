namespace Dapr.Workflow;

/// <summary>Fan-out with a ceiling.</summary>
public static class ParallelExtensions
{
    /// <summary>Runs one task for each input, so many at a time.</summary>
    /// <typeparam name="TInput">An input.</typeparam>
    /// <typeparam name="TResult">A result.</typeparam>
    /// <param name="context">The workflow's context.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="taskFactory">Starts the task of one input: a call of the context's, nothing else.</param>
    /// <param name="maxConcurrency">How many at a time; 1 or more.</param>
    /// <returns>The results in the inputs' order. When some fail, the rest still runs; then an <see cref="AggregateException"/> names them.</returns>
    public static async Task<TResult[]> ProcessInParallelAsync<TInput, TResult>(
        this WorkflowContext context,
        IEnumerable<TInput> inputs,
        Func<TInput, Task<TResult>> taskFactory,
        int maxConcurrency = 5)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(taskFactory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxConcurrency);

        var all = inputs.ToList();
        var started = new List<Task<TResult>>(all.Count);
        var running = new List<Task<TResult>>(maxConcurrency);
        foreach (var input in all)
        {
            if (running.Count == maxConcurrency)
            {
                running.Remove(await Task.WhenAny(running));
            }

            var task = Start(taskFactory, input);
            started.Add(task);
            running.Add(task);
        }

        while (running.Count > 0)
        {
            running.Remove(await Task.WhenAny(running));
        }

        return Results(started);
    }

    // A factory that throws counts as one failed task, so that the others still run to their end.
    private static Task<TResult> Start<TInput, TResult>(Func<TInput, Task<TResult>> taskFactory, TInput input)
    {
        try
        {
            return taskFactory(input);
        }
        catch (Exception exception)
        {
            return Task.FromException<TResult>(exception);
        }
    }

    private static TResult[] Results<TResult>(List<Task<TResult>> tasks)
    {
        var failures = tasks.Where(task => !task.IsCompletedSuccessfully)
            .Select(task => task.Exception?.InnerException ?? new TaskCanceledException(task))
            .ToList();
        return failures.Count == 0
            ? [.. tasks.Select(task => task.Result)]
            : throw new AggregateException($"{failures.Count} out of {tasks.Count} tasks failed", failures);
    }
}
