namespace MeshWorkflow.Sandbox.Kubernetes.Kinds;

/// <summary>A column of the tables of a custom kind.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Type">The type of its cells.</param>
/// <param name="Path">Where in an object its cell is.</param>
/// <param name="Priority">0: always shown; more: in wide tables.</param>
internal sealed record PrinterColumn(string Name, string Type, string Path, int Priority);
