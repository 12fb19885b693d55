using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Runs ended instances again from an event of their history on, as new instances.</summary>
internal sealed class Rerun(Runtime runtime, Births births, TurnRunner turns)
{
    /// <summary>Starts a new instance from an ended one's history.</summary>
    /// <returns>The new instance's id, when it is on disk.</returns>
    /// <exception cref="WorkflowRefusedException">The source, the event or the new id can't be used for it.</exception>
    public async Task<string> RunAsync(string app, RerunWorkflowFromEventRequest request)
    {
        var source = new InstanceKey(app, request.SourceInstanceID);
        var history = History(source);
        var target = new InstanceKey(
            app, request is { HasNewInstanceID: true, NewInstanceID.Length: > 0 } ? request.NewInstanceID : RandomIds.New());
        if (target == source)
        {
            throw new WorkflowRefusedException(StatusCode.InvalidArgument, "rerun workflow instance ID must be different from the original instance ID");
        }

        InstanceIds.Check(target.Id);
        var now = runtime.Clock.Stamp();
        var outcome = new HistoryFork(source, target, request, now).Build(history, RandomIds.New);
        var birth = births.ReserveUnused(target, now);
        if (birth.Verdict is not BirthVerdict.Reserved)
        {
            throw new WorkflowRefusedException(StatusCode.AlreadyExists, $"workflow '{target.Id}' has already been created");
        }

        try
        {
            await turns.AdoptAsync(birth, outcome);
        }
        catch
        {
            births.Cancel(birth);
            throw;
        }

        return target.Id;
    }

    private List<HistoryEvent> History(InstanceKey key)
    {
        if (runtime.Instances.Find(key) is not { } instance)
        {
            throw new WorkflowRefusedException(StatusCode.NotFound, $"workflow instance does not exist with ID '{key.Id}'");
        }

        lock (instance.Gate)
        {
            if (!instance.IsTerminal)
            {
                throw new WorkflowRefusedException(StatusCode.InvalidArgument, $"'{key.Id}' is not in a terminal state");
            }

            return instance.Started?.ExecutionStarted.ParentInstance is null
                ? [.. instance.Execution.History]
                : throw new WorkflowRefusedException(StatusCode.InvalidArgument, $"'{key.Id}': cannot rerun from child-workflows");
        }
    }
}
