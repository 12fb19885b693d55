using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>A part of the world that can be looked at: one of Google's APIs, or a cluster.</summary>
internal interface IWorldPart
{
    /// <summary>Every resource in it by its full name, as its own API would show it. Read under the world's gate.</summary>
    IEnumerable<KeyValuePair<string, JsonNode>> Resources();
}
