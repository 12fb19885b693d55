using MeshWorkflow.GoogleCloud.Compute;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.WebhookFirewall;

/// <summary>The calls on firewall rules. Writes start operations; their names are what Verify looks at.</summary>
internal sealed class Firewalls(ComputeApi compute)
{
    public async Task<IReadOnlyList<Firewall>> ListAsync(ClusterNetwork network, CancellationToken cancellationToken) =>
        [.. (await compute.ListFirewallsAsync(network.Project, cancellationToken)).Where(network.Has)];

    public async Task<Firewall?> FindAsync(Change change, CancellationToken cancellationToken)
    {
        var (project, name) = NameOf(change);
        try
        {
            return await compute.GetFirewallAsync(project, name, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return null;
        }
    }

    public async Task<Outcome> CreateAsync(Change change, CallFacts call, CancellationToken cancellationToken)
    {
        var (project, _) = NameOf(change);
        try
        {
            var operation = await compute.InsertFirewallAsync(
                project, WebhookRule.Wanted(change), call.RequestId("firewalls.insert", change.Resource), cancellationToken);
            return Outcomes.Pending(operation.Name);
        }
        catch (GoogleCallException exception) when (exception.Status == "ALREADY_EXISTS")
        {
            return Outcomes.Conflict(change.Resource, exception.Message);
        }
    }

    public async Task<Outcome> DeleteAsync(Change change, CallFacts call, CancellationToken cancellationToken)
    {
        var (project, name) = NameOf(change);
        try
        {
            var operation = await compute.DeleteFirewallAsync(
                project, name, call.RequestId("firewalls.delete", change.Resource), cancellationToken);
            return Outcomes.Pending(operation.Name);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return Outcomes.Done();
        }
    }

    /// <summary>Looks at operations: the outcome of one that failed, or null: all have ended well.</summary>
    /// <exception cref="WaitException">One is still running.</exception>
    public async Task<Outcome?> FailureAsync(Change change, IEnumerable<string> handles, CancellationToken cancellationToken)
    {
        foreach (var handle in handles)
        {
            var operation = await FindOperationAsync(NameOf(change).Project, handle, cancellationToken);
            if (operation is not null && operation.Status != "DONE")
            {
                throw new WaitException("the firewall's operation is running");
            }

            if (operation?.Error?.Errors is [var error, ..])
            {
                return Outcomes.Refused(
                    "OPERATION_FAILED", $"The operation on {change.Resource} failed: {error.Message} ({error.Code})", "The message says what Google did not accept.");
            }
        }

        return null;
    }

    /// <summary>Waits until nothing is under way on a rule: one that is being made is not there yet. To be called before the rule is read.</summary>
    /// <exception cref="WaitException">Something is.</exception>
    public async Task RestAsync(Change change, CancellationToken cancellationToken)
    {
        var (project, name) = NameOf(change);
        if ((await compute.ListRunningOperationsAsync(project, cancellationToken)).Any(operation => operation.TargetLink.EndsWith($"/firewalls/{name}", StringComparison.Ordinal)))
        {
            throw new WaitException("an operation on the firewall rule is running");
        }
    }

    private static (string Project, string Name) NameOf(Change change) =>
        change.Resource.Split('/') is [.., "projects", var project, "global", "firewalls", var name]
            ? (project, name)
            : throw new InvalidOperationException($"'{change.Resource}' is no firewall rule.");

    private async Task<ComputeOperation?> FindOperationAsync(string project, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await compute.GetOperationAsync(project, name, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return null;
        }
    }
}
