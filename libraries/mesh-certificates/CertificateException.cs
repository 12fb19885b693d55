namespace MeshWorkflow.MeshCertificates;

/// <summary>Certificates can't be used as they are.</summary>
/// <param name="reason">UPPER_SNAKE_CASE, listed in docs/errors.md.</param>
/// <param name="message">What is wrong.</param>
public sealed class CertificateException(string reason, string message) : Exception(message)
{
    /// <summary>The reason, UPPER_SNAKE_CASE.</summary>
    public string Reason { get; } = reason;
}
