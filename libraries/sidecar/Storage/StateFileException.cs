namespace MeshWorkflow.Sidecar.Storage;

/// <summary>The state file can't be used; the message says why and what to do. The file was left as it is.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="inner">What was found.</param>
public sealed class StateFileException(string message, Exception? inner = null) : Exception(message, inner);
