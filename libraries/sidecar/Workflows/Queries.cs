using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What clients see of instances.</summary>
internal sealed class Queries(Runtime runtime)
{
    private const uint DefaultPageSize = 1024;

    // So many of the longest ids fit in one message.
    private const uint MaxPageSize = 10_000;

    public GetInstanceResponse Get(InstanceKey key, bool withPayloads)
    {
        while (runtime.Instances.Find(key) is { } instance)
        {
            lock (instance.Gate)
            {
                if (!instance.IsEvicted || instance.IsTerminal)
                {
                    return new GetInstanceResponse { Exists = true, WorkflowState = State(instance, withPayloads) };
                }
            }
        }

        return new GetInstanceResponse();
    }

    /// <summary>Waits until an instance gets there, be it made before or after this call.</summary>
    public async Task<GetInstanceResponse> WaitAsync(
        GetInstanceRequest request, string app, Func<OrchestrationStatus, bool> wanted, CancellationToken cancellationToken)
    {
        var key = new InstanceKey(app, request.InstanceId);
        await runtime.Instances.Board.WaitAsync(key, wanted, () => runtime.Instances.Find(key)?.Status, cancellationToken);
        return Get(key, request.GetInputsAndOutputs);
    }

    /// <exception cref="WorkflowRefusedException">There is no such instance.</exception>
    public GetInstanceHistoryResponse History(InstanceKey key)
    {
        while (runtime.Instances.Find(key) is { } instance)
        {
            lock (instance.Gate)
            {
                if (!instance.IsEvicted || instance.IsTerminal)
                {
                    return new GetInstanceHistoryResponse { Events = { instance.Execution.History } };
                }
            }
        }

        throw new WorkflowRefusedException(StatusCode.NotFound, $"workflow instance '{key.Id}' does not exist");
    }

    /// <summary>Lists an app's ids in order. The token is how many came before.</summary>
    /// <exception cref="WorkflowRefusedException">The token isn't one of ours.</exception>
    public ListInstanceIDsResponse List(string app, ListInstanceIDsRequest request)
    {
        var offset = 0L;
        if (request.HasContinuationToken && request.ContinuationToken.Length > 0
            && (!long.TryParse(request.ContinuationToken, System.Globalization.NumberStyles.None, null, out offset)))
        {
            throw new WorkflowRefusedException(StatusCode.InvalidArgument, $"'{request.ContinuationToken}' is no continuation token of a list.");
        }

        var size = (int)Math.Min(request is { HasPageSize: true, PageSize: > 0 } ? request.PageSize : DefaultPageSize, MaxPageSize);
        var ids = runtime.Database.Read(connection => Page(connection, app, offset, size));
        var response = new ListInstanceIDsResponse { InstanceIds = { ids.Take(size) } };
        if (ids.Count > size)
        {
            response.ContinuationToken = (offset + size).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return response;
    }

    private static List<string> Page(SqliteConnection connection, string app, long offset, int size)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM instance WHERE app = $1 ORDER BY id LIMIT $2 OFFSET $3";
        command.Parameters.AddWithValue("$1", app);
        command.Parameters.AddWithValue("$2", size + 1);
        command.Parameters.AddWithValue("$3", offset);
        using var rows = command.ExecuteReader();
        var ids = new List<string>();
        while (rows.Read())
        {
            ids.Add(rows.GetString(0));
        }

        return ids;
    }

    // While it is pending daprd knows neither the name nor the time; clients must not count on them.
    private static WorkflowState State(Instance instance, bool withPayloads)
    {
        var started = instance.Execution.Started;
        var state = new WorkflowState
        {
            InstanceId = instance.Key.Id,
            Name = started?.ExecutionStarted.Name ?? "",
            WorkflowStatus = instance.Status,
            CreatedTimestamp = started is null ? new Timestamp { Seconds = -62135596800 } : instance.CreatedAt,
            LastUpdatedTimestamp = instance.Execution.History is [.., var last] ? last.Timestamp : instance.CreatedAt,
            ParentInstanceId = started?.ExecutionStarted.ParentInstance?.WorkflowInstance?.InstanceId,
            ParentAppId = started?.ExecutionStarted.ParentInstance?.AppID,
            ExecutionId = instance.Execution.ExecutionId,
        };
        if (started is not null)
        {
            state.StartedAt = instance.Execution.History[0].Timestamp;
        }

        var completed = instance.Execution.History.LastOrDefault(e => e.ExecutionCompleted is not null);
        state.CompletedTimestamp = completed?.Timestamp;
        if (withPayloads)
        {
            state.Input = (started ?? instance.Started)?.ExecutionStarted.Input;
            state.Output = completed?.ExecutionCompleted.Result;
            state.FailureDetails = completed?.ExecutionCompleted.FailureDetails;
            state.CustomStatus = instance.CustomStatus;
        }

        return state;
    }
}
