namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>The instance was purged by force while a turn of it was under way. Nothing of the turn is stored.</summary>
internal sealed class InstanceGoneException() : Exception("The instance was purged.");
