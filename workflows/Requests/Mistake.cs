namespace MeshWorkflow.Workflows.Requests;

/// <summary>Something in a request that is not as it must be.</summary>
/// <param name="Path">Where, such as <c>spec.clusters[2].location</c>; empty: the whole request.</param>
/// <param name="Code">UPPER_SNAKE_CASE, stable.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Mistake(string Path, string Code, string Message, string Remedy);
