namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>A service perimeter (VPC Service Controls): it keeps calls from outside away from APIs of its projects, whatever roles the caller has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Projects">The ids of the projects within.</param>
/// <param name="Services">The APIs that it restricts, by short name.</param>
public sealed record WorldPerimeter(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Services)
{
    /// <summary>Who may come in by an ingress rule: <c>user:ann@example.com</c>, <c>serviceAccount:…</c>.</summary>
    public IReadOnlyList<string> Access { get; init; } = [];
}
