namespace MeshWorkflow.GoogleCloud.Credentials;

/// <summary>A key file can't be used. Messages never tell what is in it.</summary>
/// <param name="reason">UPPER_SNAKE_CASE, <c>KEY_FILE_…</c>.</param>
/// <param name="message">What can't be done and why.</param>
/// <param name="hint">What to do about it.</param>
public sealed class KeyFileException(string reason, string message, string hint) : Exception(message)
{
    /// <summary>The reason, UPPER_SNAKE_CASE.</summary>
    public string Reason { get; } = reason;

    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;
}
