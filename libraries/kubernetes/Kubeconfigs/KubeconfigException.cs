namespace MeshWorkflow.KubernetesApi.Kubeconfigs;

/// <summary>A kubeconfig can't be used. Messages never tell what is in it but names.</summary>
/// <param name="reason">UPPER_SNAKE_CASE, <c>KUBECONFIG_…</c>.</param>
/// <param name="message">What can't be done and why.</param>
/// <param name="hint">What to do about it.</param>
public sealed class KubeconfigException(string reason, string message, string hint) : Exception(message)
{
    /// <summary>The reason, UPPER_SNAKE_CASE.</summary>
    public string Reason { get; } = reason;

    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;
}
