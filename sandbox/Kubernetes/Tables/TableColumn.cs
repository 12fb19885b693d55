using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Tables;

/// <summary>A column of a table of objects.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Cell">Its cell for an object.</param>
/// <param name="Type">The type of its cells.</param>
/// <param name="Priority">0: always shown; 1: in wide tables.</param>
internal sealed record TableColumn(string Name, Func<JsonObject, JsonNode?> Cell, string Type = "string", int Priority = 0);
