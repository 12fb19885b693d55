namespace MeshWorkflow.Sandbox.Worlds.Saving;

/// <summary>A world can't be saved now, or a saved one can't be used here. Nothing has changed.</summary>
/// <param name="message">Why.</param>
public sealed class SavedWorldException(string message) : Exception(message);
