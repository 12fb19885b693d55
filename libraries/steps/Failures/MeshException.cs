using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Failures;

/// <summary>Something can't be done, and trying again won't help. Becomes a refusal at the service's edge.</summary>
/// <param name="reason">UPPER_SNAKE_CASE, part of the public contract, listed in docs/errors.md.</param>
/// <param name="message">What can't be done and why.</param>
/// <param name="hint">What to do about it.</param>
public sealed class MeshException(string reason, string message, string hint) : Exception(message)
{
    /// <summary>The reason, UPPER_SNAKE_CASE.</summary>
    public string Reason { get; } = reason;

    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;

    /// <summary>What exactly stands in the way, where it is more than one thing.</summary>
    public IReadOnlyList<Violation> Violations { get; init; } = [];
}
