using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Forgets ended instances.</summary>
internal sealed class Purge(Runtime runtime)
{
    /// <summary>Forgets an instance and, where asked, all that descend from it: all at once, or none.</summary>
    /// <returns>How many were forgotten.</returns>
    /// <exception cref="WorkflowRefusedException">There is no such instance, or one has not ended or is stalled.</exception>
    public async Task<int> RunAsync(InstanceKey key, bool recursive, bool force)
    {
        if (runtime.Instances.Find(key) is not { } instance)
        {
            throw WorkflowRefusedException.NoSuchInstance(key.Id);
        }

        var family = new List<Instance>();
        Collect(instance, recursive, family);
        if (!force && family.Find(member => !member.IsTerminal) is { } living)
        {
            throw living.Status is OrchestrationStatus.Stalled
                ? new WorkflowRefusedException(StatusCode.Unknown, "workflow is stalled")
                : new WorkflowRefusedException(StatusCode.Unknown, $"orchestration has not yet completed: '{living.Key.Id}'");
        }

        await ForgetAsync(family);
        await runtime.Database.ReleaseAsync();
        return family.Count;
    }

    /// <summary>Forgets instances, whatever they are at.</summary>
    public async Task ForgetAsync(IReadOnlyList<Instance> family)
    {
        await runtime.Database.CommitAsync(writer =>
        {
            foreach (var member in family)
            {
                InstanceRows.Delete(writer, member.Row);
            }
        });
        foreach (var member in family)
        {
            if (!member.IsTerminal)
            {
                runtime.Active.Ended();
            }

            Forget(member);
        }
    }

    private void Collect(Instance instance, bool recursive, List<Instance> family)
    {
        if (recursive)
        {
            foreach (var child in runtime.Instances.ChildrenOf(instance))
            {
                Collect(child, recursive, family);
            }
        }

        family.Add(instance);
    }

    private void Forget(Instance instance)
    {
        lock (instance.Gate)
        {
            if (instance.Turn is { } turn)
            {
                runtime.Hubs[instance.Key.App].Drop(turn.Token);
                instance.Turn = null;
            }
        }

        runtime.Instances.Forget(instance);
    }
}
