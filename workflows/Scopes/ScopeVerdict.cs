using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Workflows.Scopes;

/// <summary>How a cluster, or what clusters share, ended. Details are in its document.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it did not succeed, UPPER_SNAKE_CASE.</param>
internal sealed record ScopeVerdict(ClusterState State, string? Reason = null);
