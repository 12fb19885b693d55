using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Comparing;

/// <summary>A place where two worlds differ.</summary>
/// <param name="Resource">The resource's full name.</param>
/// <param name="Path">The field; empty: the whole resource, which only one of the worlds has.</param>
/// <param name="Before">What the first world has there; null: nothing.</param>
/// <param name="After">What the second world has there; null: nothing.</param>
public sealed record WorldDifference(string Resource, string Path, JsonNode? Before, JsonNode? After);
