using MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow.Replay;

/// <summary>What the feeding of history and the workflow's code share during one turn.</summary>
internal sealed class ReplayState(string instanceId, Patches patches, TurnThread thread)
{
    public TurnThread Thread { get; } = thread;

    public ActionLog Actions { get; } = new(instanceId);

    public OpenTasks Tasks { get; } = new();

    public EventInbox Events { get; } = new();

    public Patches Patches { get; } = patches;

    public DateTime Now { get; set; }

    public bool IsReplaying { get; set; }

    public string? CustomStatus { get; set; }

    public List<Continuation> Continuations { get; } = [];

    /// <summary>Whether any event could still wake the code.</summary>
    public bool CanBeWoken => Tasks.AnyWakes || Events.AnyoneWaits;

    public OpenTask<T> Open<T>(WorkflowAction action, OpenTask<T> task)
    {
        if (Tasks.Add(action.Id, task))
        {
            Actions.Add(action);
        }

        return task;
    }
}
