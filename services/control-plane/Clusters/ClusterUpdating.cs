using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>Changes settings of clusters, one operation at a time, and looks at how operations went.</summary>
internal sealed class ClusterUpdating(ContainerApi container)
{
    /// <summary>Changes the cluster that was read; one that was changed since is a conflict.</summary>
    public async Task<Outcome> UpdateAsync(
        GkeCluster cluster, Cluster read, ClusterUpdate update, WriteFacts facts, CancellationToken cancellationToken)
    {
        await facts.Gate.EnterAsync(cancellationToken);
        var operation = await container.UpdateClusterAsync(cluster.ToName(), update with { Etag = read.Etag }, cancellationToken);
        return Outcomes.Pending(operation.Name);
    }

    /// <summary>Looks at operations: the outcome of one that failed, or null: all have ended well.</summary>
    /// <exception cref="WaitException">One is still running.</exception>
    public async Task<Outcome?> FailureAsync(GkeCluster cluster, IEnumerable<string> handles, CancellationToken cancellationToken)
    {
        foreach (var handle in handles)
        {
            var operation = await FindAsync(cluster, handle, cancellationToken);
            if (operation is not null && operation.Status != "DONE")
            {
                throw new WaitException("the cluster's operation is running");
            }

            if (operation?.Error is { } error)
            {
                return Operations.Failed(cluster.ToName().ResourceName, error);
            }
        }

        return null;
    }

    /// <summary>
    /// Waits until no change of the cluster's settings is under way. One that was begun has its effect later, be it by a call whose answer was
    /// lost: who reads the cluster before an undo, and finds nothing to put back, has looked too early. To be called before the cluster is read.
    /// </summary>
    /// <exception cref="WaitException">One is running.</exception>
    public async Task RestAsync(GkeCluster cluster, CancellationToken cancellationToken)
    {
        var operations = await container.ListOperationsAsync(cluster.ToName(), cancellationToken);
        if (operations.Any(operation => operation is { OperationType: "UPDATE_CLUSTER" or "SET_LABELS", Status: not "DONE" }
            && operation.TargetLink.EndsWith($"/clusters/{cluster.Name}", StringComparison.Ordinal)))
        {
            throw new WaitException("an operation of the cluster is running");
        }
    }

    // Of an operation that GKE has forgotten the cluster itself tells.
    private async Task<ContainerOperation?> FindAsync(GkeCluster cluster, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await container.GetOperationAsync(cluster.ToName(), name, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return null;
        }
    }
}
