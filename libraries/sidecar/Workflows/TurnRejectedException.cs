namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>A worker's answer that can't be carried out. The turn is delivered again.</summary>
internal sealed class TurnRejectedException(string message) : Exception(message);
