namespace MeshWorkflow.Sidecar.Storage;

/// <summary>A change on its way into the state file.</summary>
/// <param name="isPatient">Whether it may wait a little for one that follows from it.</param>
internal abstract class Change(bool isPatient)
{
    public bool IsPatient { get; } = isPatient;

    public abstract void Apply(Writer writer);

    public abstract void Succeeded();

    public abstract void Failed(Exception exception);
}

/// <summary>A change that answers what it found.</summary>
/// <param name="apply">Carries it out.</param>
/// <param name="isPatient">Whether it may wait a little for one that follows from it.</param>
/// <param name="onLost">Called when it could not be stored, before any later change is carried out.</param>
internal sealed class Change<T>(Func<Writer, T> apply, bool isPatient, Action? onLost) : Change(isPatient)
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _source.Task;

    public override void Apply(Writer writer) => _result = apply(writer);

    public override void Succeeded() => _source.SetResult(_result!);

    public override void Failed(Exception exception)
    {
        onLost?.Invoke();
        _source.SetException(exception);
    }
}
