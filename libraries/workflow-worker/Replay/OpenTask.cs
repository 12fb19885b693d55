using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace Dapr.Workflow.Replay;

/// <summary>A call whose end the code may be waiting for.</summary>
internal abstract class OpenTask(Kind kind)
{
    public Kind Kind { get; } = kind;

    /// <summary>Whether its end could still wake the code.</summary>
    public abstract bool Wakes { get; }

    /// <summary>Ends it; what waits for it runs on before this returns.</summary>
    /// <param name="result">The payload; null or empty: none.</param>
    public abstract void Succeed(string? result);

    /// <summary>Ends it with a failure; what waits for it runs on before this returns.</summary>
    /// <param name="failure">Why, if it is known.</param>
    public abstract void Fail(TaskFailureDetails? failure);
}

/// <inheritdoc/>
internal sealed class OpenTask<T>(
    Kind kind, Func<string?, T> read, Func<TaskFailureDetails?, Exception> failed, bool wakes = true) : OpenTask(kind)
{
    // Without RunContinuationsAsynchronously on purpose: the code runs on before the next event is fed.
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public override bool Wakes => wakes && !_source.Task.IsCompleted;

    public void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);

    public override void Succeed(string? result)
    {
        T value;
        try
        {
            value = read(result);
        }
        catch (Exception exception)
        {
            _source.TrySetException(exception);
            return;
        }

        _source.TrySetResult(value);
    }

    public override void Fail(TaskFailureDetails? failure) => _source.TrySetException(failed(failure));
}
