namespace MeshWorkflow.MeshCertificates;

/// <summary>Something about certificates that people should know.</summary>
/// <param name="Code">UPPER_SNAKE_CASE, listed in docs/errors.md.</param>
/// <param name="Message">What.</param>
/// <param name="Remedy">What to do about it; empty: nothing.</param>
/// <param name="File">Which file it is about, by the name that istiod looks for.</param>
public sealed record Finding(string Code, string Message, string Remedy = "", string File = CertificateFiles.Certificate);

/// <summary>What was found.</summary>
/// <param name="Wrong">What stands in the way of using them.</param>
/// <param name="Notices">What doesn't.</param>
public sealed record Findings(IReadOnlyList<Finding> Wrong, IReadOnlyList<Finding> Notices);
