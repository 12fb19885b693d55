namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>A turn took an event that could not be stored. Nothing of the turn is stored either; it is made again without the event.</summary>
internal sealed class EventLostException() : Exception("An event of the turn could not be stored.");
