using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>Everything in a world at one moment.</summary>
/// <param name="Resources">Every resource by its full name, as its own API would show it.</param>
public sealed record WorldSnapshot(IReadOnlyDictionary<string, JsonNode> Resources);
