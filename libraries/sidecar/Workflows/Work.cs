using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>A turn or an activity that a worker is to do.</summary>
internal abstract record Work(string Token, InstanceKey Instance, RunId Run)
{
    public abstract WorkItem Item { get; }
}

/// <summary>A turn.</summary>
internal sealed record TurnWork(Turn Turn, InstanceKey Instance, WorkflowRequest Request)
    : Work(Turn.Token, Instance, Turn.Run)
{
    public override WorkItem Item => new() { WorkflowRequest = Request, CompletionToken = Token };
}

/// <summary>An activity.</summary>
internal sealed record ActivityWork(string Token, InstanceKey Instance, RunId Run, ActivityRequest Request)
    : Work(Token, Instance, Run)
{
    public override WorkItem Item => new() { ActivityRequest = Request, CompletionToken = Token };
}
