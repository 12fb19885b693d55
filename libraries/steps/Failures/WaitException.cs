namespace MeshWorkflow.Steps.Failures;

/// <summary>Not now, but by itself later. Becomes a wait at the service's edge; the workflow sleeps on it.</summary>
/// <param name="reason">What it waits for.</param>
public sealed class WaitException(string reason) : Exception(reason);
