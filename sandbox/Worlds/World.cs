namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>What is there when the sandbox starts.</summary>
public sealed record World
{
    /// <summary>The projects.</summary>
    public IReadOnlyList<WorldProject> Projects { get; init; } = [];

    /// <summary>The clusters.</summary>
    public IReadOnlyList<WorldCluster> Clusters { get; init; } = [];

    /// <summary>The service perimeters.</summary>
    public IReadOnlyList<WorldPerimeter> Perimeters { get; init; } = [];

    /// <summary>The service account whose key is in the credentials file.</summary>
    public string ServiceAccount { get; init; } = "";

    /// <summary>A fleet of two clusters in two regions: enough for a first look.</summary>
    public static World Demo { get; } = DemoWorld.Make();

    /// <summary>A fleet of twelve clusters in two projects: one is Autopilot, one is private, and in one istiod never becomes ready.</summary>
    public static World Fleet { get; } = FleetWorld.Make();

    /// <summary>A built-in world by its name; null: there is none.</summary>
    /// <param name="name"><c>demo</c> or <c>fleet</c>.</param>
    public static World? BuiltIn(string name) => name switch
    {
        "demo" => Demo,
        "fleet" => Fleet,
        _ => null,
    };
}
