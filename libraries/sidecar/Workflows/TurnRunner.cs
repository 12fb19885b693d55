using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>
/// Moves instances on: whenever one has events and no turn under way, its next turn begins. Its answer is stored in one
/// transaction with all that it leads to, and only then anything of it is seen or done.
/// </summary>
internal sealed partial class TurnRunner(Runtime runtime, Births births, EngineOptions options, ILogger<TurnRunner> logger)
{
    private readonly Deliveries _deliveries = new(runtime.Instances);
    private readonly TurnStore _store = new(runtime, births, options);

    /// <summary>Begins an instance's next turn, if there is one to begin.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="isCured">Whether a stalled instance is to try again.</param>
    public void Poke(Instance instance, bool isCured = false)
    {
        Turn turn;
        lock (instance.Gate)
        {
            if (!CanBegin(instance, isCured))
            {
                return;
            }

            var taken = TurnPlan.Take(instance);
            if (taken.Count == 0)
            {
                return;
            }

            turn = new Turn(
                RandomIds.New(),
                instance.Run,
                taken,
                [Arrivals.TurnStarted(runtime.Clock.Stamp()), .. TurnPlan.Concerning(instance.Execution, taken)]);

            // Decided here, under the gate: a turn that no worker sees can't be taken back.
            turn.IsCommitting = !IsForWorker(instance, turn);
            instance.Turn = turn;
        }

        Begin(instance, turn);
    }

    /// <summary>Takes a worker's answer.</summary>
    /// <param name="app">The app that answers.</param>
    /// <param name="response">The answer.</param>
    /// <returns>A task that ends when it is on disk. An answer that nobody waits for is ignored.</returns>
    /// <exception cref="TurnRejectedException">It can't be carried out; the turn is delivered again.</exception>
    public async Task CompleteAsync(string app, WorkflowResponse response)
    {
        var work = runtime.Hubs[app].Take<TurnWork>(response.CompletionToken, (response.InstanceId, -1));
        if (work is null || runtime.Instances.Find(work.Instance) is not { } instance)
        {
            Log.Unexpected(logger, app, response.InstanceId);
            return;
        }

        OrchestrationStatus before;
        lock (instance.Gate)
        {
            if (instance.IsEvicted || !ReferenceEquals(instance.Turn, work.Turn))
            {
                Log.Unexpected(logger, app, response.InstanceId);
                return;
            }

            work.Turn.IsCommitting = true;
            before = instance.Status;
        }

        var started = instance.Started;
        using var span = Tracing.Turn(work.Instance, started, work.Turn.NewEvents[0].Timestamp);
        try
        {
            var stall = Stalls.Find(instance.Execution, response, options);
            var outcome = stall is null
                ? Actions(instance, Tracing.Context(span, started?.ExecutionStarted.ParentTraceContext)).Apply(work.Turn, response, before)
                : null;
            await (outcome is null ? StallAsync(instance, work.Turn, stall) : FinishAsync(instance, work.Turn, outcome));
        }
        catch (Exception exception)
        {
            if (!TakeBack(instance, work.Turn))
            {
                Poke(instance);
                return;
            }

            Log.NotStored(logger, exception, work.Instance);
            runtime.Later(() => runtime.Hubs[app].Add(work));
            throw;
        }
    }

    // Nothing of its answer was stored: the turn is as before, and is delivered again; unless the instance, or an event, is gone.
    private static bool TakeBack(Instance instance, Turn turn)
    {
        lock (instance.Gate)
        {
            turn.IsCommitting = false;
            if (!turn.HasLost)
            {
                return !instance.IsEvicted;
            }

            instance.RemoveFromInbox([.. turn.Taken.Where(arrived => arrived.IsLost)]);
            instance.Turn = ReferenceEquals(instance.Turn, turn) ? null : instance.Turn;
            return false;
        }
    }

    private bool CanBegin(Instance instance, bool isCured)
    {
        if (instance.IsEvicted || instance.IsNew || instance.IsTerminal)
        {
            return false;
        }

        var isTerminated = instance.Ready.Any(arrived => arrived.Event.ExecutionTerminated is not null);
        if (instance.StartAt?.ToDateTimeOffset() > runtime.Clock.Time.GetUtcNow() && !isTerminated)
        {
            return false;
        }

        if (instance.Turn is { IsCommitting: false } turn && isTerminated)
        {
            // Whatever its worker is at no longer counts.
            runtime.Hubs[instance.Key.App].Drop(turn.Token);
            instance.Turn = null;
        }

        return instance.Turn is null && (instance.Status is not OrchestrationStatus.Stalled || isCured || isTerminated);
    }

    private bool IsForWorker(Instance instance, Turn turn) =>
        turn.NewEvents.Count > 1 && turn.NewEvents[^1].ExecutionTerminated is null && Size(instance, turn) <= options.MaxTurnSize;

    private static long Size(Instance instance, Turn turn) =>
        instance.Execution.Size + turn.NewEvents.Sum(e => e.CalculateSize() + 6L);

    private void Begin(Instance instance, Turn turn)
    {
        if (!turn.IsCommitting)
        {
            runtime.Hubs[instance.Key.App].Add(new TurnWork(turn, instance.Key, Request(instance, turn)));
        }
        else
        {
            _ = FinishHereAsync(instance, turn);
        }
    }

    // Turns that no worker sees. One that can't be stored is tried again until it can.
    private async Task FinishHereAsync(Instance instance, Turn turn)
    {
        try
        {
            await (turn.NewEvents switch
            {
                [_] => SkipAsync(instance, turn),
                [.., { ExecutionTerminated: { } terminated }] => FinishAsync(instance, turn, Actions(instance).Terminate(turn, terminated)),
                _ => StallAsync(instance, turn, Stalls.TooLarge(Size(instance, turn), options)),
            });
        }
        catch (EventLostException)
        {
            TakeBack(instance, turn);
            Poke(instance);
        }
        catch (Exception exception) when (!instance.IsEvicted)
        {
            Log.NotStored(logger, exception, instance.Key);
            runtime.Later(() => _ = FinishHereAsync(instance, turn));
        }
        catch (InstanceGoneException)
        {
            // Purged by force meanwhile: there is nothing left to finish.
        }
    }

    /// <summary>Begins an instance that has a history from the start.</summary>
    public async Task AdoptAsync(Birth birth, TurnOutcome outcome)
    {
        var turn = new Turn(RandomIds.New(), birth.Instance.Run, [], []);
        await FinishAsync(birth.Instance, turn, outcome, birth);
    }

    private async Task FinishAsync(Instance instance, Turn turn, TurnOutcome outcome, Birth? birth = null)
    {
        var effects = await _store.StoreAsync(instance, turn, outcome, _deliveries, birth);
        if (birth is not null)
        {
            births.Complete(birth);
        }

        if (outcome.Activities.Count > 0 && options.Dispatch is ActivityDispatch.AfterFlush)
        {
            // What can't be flushed is not undone: it is in the file, and is given out at the next start.
            _ = GiveOutAsync(instance.Key, effects.Run, outcome.Activities);
        }
        else
        {
            GiveOut(instance.Key, effects.Run, outcome.Activities);
        }

        foreach (var timer in outcome.Timers)
        {
            TimerAdded?.Invoke(instance.Key, effects.Run, timer);
        }

        SidecarMetrics.TurnStored(instance.Key.App, outcome.Status.ToString());
        runtime.Instances.Board.Publish(instance.Key, outcome.Status);
        foreach (var other in effects.Woken)
        {
            Poke(other);
        }

        Poke(instance);
        if (outcome.End is not null)
        {
            runtime.Active.Ended();
            InstanceCache.Retire(instance);
            Ended?.Invoke(effects.PurgeAt);
        }
    }

    private void GiveOut(InstanceKey key, RunId run, List<(string App, ActivityRequest Request)> activities) =>
        activities.ForEach(activity => runtime.Hubs[activity.App].Add(ActivityWork.Of(key, run, activity.Request)));

    private async Task GiveOutAsync(InstanceKey key, RunId run, List<(string App, ActivityRequest Request)> activities)
    {
        try
        {
            await runtime.Database.FlushAsync();
            GiveOut(key, run, activities);
        }
        catch (Exception exception)
        {
            Log.NotGivenOut(logger, exception, key);
        }
    }

    /// <summary>Called for each timer that is on disk.</summary>
    public event Action<InstanceKey, RunId, TurnOutcome.TimerCreated>? TimerAdded;

    /// <summary>Called for each instance that has ended, with the time when it is to be forgotten.</summary>
    public event Action<DateTimeOffset?>? Ended;

    private async Task SkipAsync(Instance instance, Turn turn)
    {
        await runtime.Database.CommitAsync(writer => InstanceRows.DeleteInbox(writer, instance.Row, turn.Taken));
        lock (instance.Gate)
        {
            instance.RemoveFromInbox(turn.Taken);
            instance.Turn = null;
        }

        Poke(instance);
    }

    // A stalled instance keeps its inbox: when it is cured the same turn is made again.
    private async Task StallAsync(Instance instance, Turn turn, ExecutionStalledEvent? stall)
    {
        Log.Stalled(logger, instance.Key, stall?.Description ?? "");
        SidecarMetrics.Stalled(instance.Key.App, stall?.Reason.ToString() ?? "");
        var now = runtime.Clock.Now();
        var stalled = new HistoryEvent
        {
            EventId = -1,
            Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(now),
            ExecutionStalled = stall,
        };
        var isRepeated = instance.Status is OrchestrationStatus.Stalled;
        await runtime.Database.CommitAsync(writer =>
        {
            if (!isRepeated)
            {
                InstanceRows.AppendHistory(writer, instance.Row, instance.Execution.Turns, [stalled]);
            }

            InstanceRows.Update(writer, instance.Run, OrchestrationStatus.Stalled, instance.CustomStatus, now);
        });
        lock (instance.Gate)
        {
            if (!isRepeated)
            {
                instance.Execution.AddTurn([stalled]);
            }

            instance.Status = OrchestrationStatus.Stalled;
            instance.Turn = null;
        }

        runtime.Instances.Board.Publish(instance.Key, OrchestrationStatus.Stalled);
    }

    private TurnActions Actions(Instance instance, TraceContext? trace = null) =>
        new(instance.Key, instance.Execution, runtime.Clock.Now(), RandomIds.New, trace);

    private static WorkflowRequest Request(Instance instance, Turn turn)
    {
        var request = new WorkflowRequest
        {
            InstanceId = instance.Key.Id,
            ExecutionId = instance.Started?.ExecutionStarted.WorkflowInstance?.ExecutionId,
        };
        request.PastEvents.Add(instance.Execution.History);
        request.NewEvents.Add(turn.NewEvents);
        return request;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "App {App} answered a turn of {InstanceId} that nobody waits for; ignored.")]
        public static partial void Unexpected(ILogger logger, string app, string instanceId);

        [LoggerMessage(LogLevel.Error, "A turn of {Instance} could not be carried out; it is tried again.")]
        public static partial void NotStored(ILogger logger, Exception exception, InstanceKey instance);

        [LoggerMessage(LogLevel.Error, "Activities of {Instance} are stored but not flushed; they are given out at the next start.")]
        public static partial void NotGivenOut(ILogger logger, Exception exception, InstanceKey instance);

        [LoggerMessage(LogLevel.Warning, "{Instance} is stalled: {Reason}")]
        public static partial void Stalled(ILogger logger, InstanceKey instance, string reason);
    }
}
