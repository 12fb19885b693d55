using MeshWorkflow.Ledger;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Calls;

/// <summary>
/// Stands before every write of a call: lets it through only while the call's epoch is the scope's. A call that is delivered late,
/// after the undo of its rollout say, writes nothing.
/// </summary>
public sealed class WriteGate
{
    // An answer may be this old; compensation waits longer than that before it writes.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Epochs _epochs;
    private readonly Call _call;
    private readonly TimeProvider _time;
    private DateTimeOffset _asked = DateTimeOffset.MinValue;

    internal WriteGate(Epochs epochs, Call call, TimeProvider time)
    {
        _epochs = epochs;
        _call = call;
        _time = time;
    }

    /// <summary>Makes sure that this call may still write.</summary>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>A task that ends when it may.</returns>
    /// <exception cref="MeshException">It may not: <c>EPOCH_PASSED</c>.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_time.GetUtcNow() - _asked < MaxAge)
        {
            return;
        }

        var asked = _time.GetUtcNow();
        var current = await _epochs.CurrentAsync(_call.Scope, cancellationToken);
        if (current == 0 || current > _call.Epoch)
        {
            throw new MeshException(
                "EPOCH_PASSED",
                FormattableString.Invariant(
                    $"This call belongs to epoch {_call.Epoch} of {_call.Scope}, which is at {current} now: another run has taken over. Nothing more was written."),
                "Nothing is to be done: the run that took over decides.");
        }

        _asked = asked;
    }
}
