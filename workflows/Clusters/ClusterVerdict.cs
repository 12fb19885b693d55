using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>How a cluster ended. Details are in its document.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it did not succeed, UPPER_SNAKE_CASE.</param>
internal sealed record ClusterVerdict(ClusterState State, string? Reason = null);
