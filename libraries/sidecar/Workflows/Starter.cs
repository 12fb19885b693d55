using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Starts instances for clients.</summary>
internal sealed class Starter(Runtime runtime, Births births, TurnRunner turns, Recovery recovery)
{
    private const string ReservedNames = "dapr.internal.";

    /// <summary>Starts an instance; without a time, ends when its first turn is on disk.</summary>
    /// <exception cref="WorkflowRefusedException">The id isn't accepted, or it is in use.</exception>
    public async Task<string> StartAsync(
        string app, CreateInstanceRequest request, TraceContext? caller, CancellationToken cancellationToken)
    {
        var id = request.InstanceId;
        Check(request);
        using var span = Tracing.Start(request.Name, id, caller);
        var key = new InstanceKey(app, id);
        var startAt = request.ScheduledStartTimestamp;
        if (startAt is null)
        {
            // Nothing is stored for a caller who gives up before there is anybody to run it.
            await runtime.Hubs[app].WaitForWorkerAsync(cancellationToken);
        }

        var birth = Reserve(key, request, Tracing.Context(span, caller));
        try
        {
            await runtime.Database.CommitAsync(writer => Births.Store(writer, birth));
        }
        catch
        {
            births.Cancel(birth);
            throw;
        }

        births.Complete(birth);
        if (startAt is not null)
        {
            recovery.WakeAt(key, startAt.ToDateTimeOffset());
            return id;
        }

        turns.Poke(birth.Instance);
        await runtime.Instances.Board.WaitAsync(
            key, status => status is not OrchestrationStatus.Pending, () => birth.Instance.Status, cancellationToken);
        return id;
    }

    private void Check(CreateInstanceRequest request)
    {
        if (runtime.Active.IsFull)
        {
            throw WorkflowRefusedException.TooMany("active workflow instances", runtime.Active.Limit);
        }

        InstanceIds.Check(request.InstanceId);
        if (request.Name.StartsWith(ReservedNames, StringComparison.Ordinal))
        {
            throw new WorkflowRefusedException(StatusCode.InvalidArgument, $"workflow names that begin with '{ReservedNames}' are reserved: '{request.Name}'");
        }

        if (request.ScheduledStartTimestamp is { } time && !TurnActions.IsTime(time))
        {
            throw new WorkflowRefusedException(StatusCode.InvalidArgument, "the scheduled start is no valid time");
        }
    }

    private Birth Reserve(InstanceKey key, CreateInstanceRequest request, TraceContext? trace)
    {
        var now = runtime.Clock.Stamp();
        var started = Arrivals.Started(key.App, key.Id, request.Name, request.Input, RandomIds.New(), now);
        started.ExecutionStarted.ParentTraceContext = trace;
        started.ExecutionStarted.ScheduledStartTimestamp = request.ScheduledStartTimestamp;
        var birth = births.Reserve(key, started, request.ScheduledStartTimestamp);
        return birth.Verdict switch
        {
            BirthVerdict.Reserved => birth,
            BirthVerdict.DescendantsActive => throw new WorkflowRefusedException(
                StatusCode.AlreadyExists, $"the workflow '{key.Id}' has ended, but child workflows of it are still active"),
            _ => throw new WorkflowRefusedException(
                StatusCode.AlreadyExists, $"an active workflow with ID '{key.Id}' already exists"),
        };
    }
}
