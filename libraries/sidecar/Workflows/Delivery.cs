namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>An event on its way into an instance's inbox.</summary>
internal sealed record Delivery(Instance Receiver, InboxEvent Arrived);
