using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Forgets ended instances.</summary>
internal sealed class Purge(Runtime runtime)
{
    /// <summary>Forgets an instance and, where asked, its children first.</summary>
    /// <returns>How many were forgotten.</returns>
    /// <exception cref="WorkflowRefusedException">There is no such instance, it has not ended, or it is stalled.</exception>
    public async Task<int> RunAsync(InstanceKey key, bool recursive, bool force)
    {
        if (runtime.Instances.Find(key) is not { } instance)
        {
            throw WorkflowRefusedException.NoSuchInstance(key.Id);
        }

        if (!instance.IsTerminal && !force)
        {
            throw instance.Status is OrchestrationStatus.Stalled
                ? new WorkflowRefusedException(StatusCode.Unknown, "workflow is stalled")
                : new WorkflowRefusedException(StatusCode.Unknown, "orchestration has not yet completed");
        }

        var count = 0;
        if (recursive)
        {
            foreach (var child in instance.Execution.Children.Where(child => runtime.Instances.Find(child) is not null))
            {
                count += await RunAsync(child, recursive, force);
            }
        }

        await runtime.Database.CommitAsync(writer => InstanceRows.Delete(writer, instance.Row));
        lock (instance.Gate)
        {
            if (instance.Turn is { } turn)
            {
                runtime.Hubs[key.App].Drop(turn.Token);
                instance.Turn = null;
            }
        }

        runtime.Instances.Forget(instance);
        return count + 1;
    }
}
