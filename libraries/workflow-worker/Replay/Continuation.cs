using MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow.Replay;

/// <summary>How the instance goes on anew.</summary>
/// <param name="Action">The action that says so.</param>
/// <param name="KeepEvents">Whether events that nobody waited for go along.</param>
internal sealed record Continuation(CompleteWorkflowAction Action, bool KeepEvents);
