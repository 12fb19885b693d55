using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Saving;

/// <summary>A part of the simulated world that can be saved, and put back exactly. Used under the world's gate.</summary>
internal interface ISavedPart
{
    /// <summary>What it is called in a saved world.</summary>
    string SavedAs { get; }

    /// <summary>All of its state, secrets too.</summary>
    JsonNode Save();

    /// <summary>Reads what it saved once. Changes nothing: what it answers puts the state back, and can't fail.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is something else.</exception>
    Action Read(JsonNode saved);
}
