using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.ServiceUsage;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Iam.Apis;

/// <summary>Operations of Service Usage: what one is to be looked at by, and how it went.</summary>
internal sealed class ServiceOperations(ServiceUsageApi usage)
{
    /// <summary>What an operation that was answered stands for: its failure, or the handle to look at it by.</summary>
    public static (Outcome? Failure, string? Handle) Begun(ServiceUsageOperation operation, string resource)
    {
        if (FailureOf(operation, resource) is { } failure)
        {
            return (failure, null);
        }

        return (null, operation.IsRunning ? operation.Name : null);
    }

    /// <summary>Looks at operations: the outcome of one that failed, or null: all have ended well.</summary>
    /// <exception cref="WaitException">One is still running.</exception>
    public async Task<Outcome?> FailureAsync(IEnumerable<string> operations, string resource, CancellationToken cancellationToken)
    {
        foreach (var name in operations)
        {
            var operation = await FindAsync(name, cancellationToken);
            if (operation is { IsRunning: true })
            {
                throw new WaitException("Service Usage's operation is running");
            }

            if (operation is not null && FailureOf(operation, resource) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static Outcome? FailureOf(ServiceUsageOperation operation, string resource)
    {
        if (operation.Error is { } error)
        {
            return Operations.Failed(resource, error);
        }

        return operation.Response?.Failures is { Count: > 0 } failures
            ? Outcomes.Refused(
                "OPERATION_FAILED",
                $"Not all APIs could be enabled: {string.Join("; ", failures.Select(failure => $"{failure.ServiceId}: {failure.ErrorMessage}"))}",
                "The message says what Google did not accept.")
            : null;
    }

    // Operations are kept for days, not for ever; of a forgotten one the state itself tells.
    private async Task<ServiceUsageOperation?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await usage.GetOperationAsync(name, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return null;
        }
    }
}
