using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Stores a turn's outcome in one transaction: the history, the inboxes of all it touches, the children that it starts.</summary>
internal sealed class TurnStore(Runtime runtime, Births births, EngineOptions options)
{
    /// <summary>Stores it, then shows it to the rest of the engine.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="outcome">What it led to.</param>
    /// <param name="deliveries">For events to others.</param>
    /// <param name="birth">Set where the instance itself begins with this.</param>
    /// <returns>Whom it woke.</returns>
    public async Task<TurnEffects> StoreAsync(
        Instance instance, Turn turn, TurnOutcome outcome, Deliveries deliveries, Birth? birth = null)
    {
        var (born, refusals) = Reserve(instance, outcome);
        var sent = Reserve(instance, outcome, deliveries);
        sent.AddRange(refusals.Select(refusal => deliveries.Reserve(instance.Key, refusal)).OfType<Delivery>());
        var renewed = Renewed(turn, outcome);
        var run = outcome.Renewal is null ? instance.Run : new RunId(instance.Row, instance.Generation + 1);
        var now = runtime.Clock.Now();
        var purgeAt = options.Retention.PurgeAt(outcome.Status, now);
        try
        {
            await runtime.Database.CommitAsync(writer =>
            {
                if (turn.HasLost)
                {
                    throw new EventLostException();
                }

                if (birth is not null)
                {
                    Births.Store(writer, birth, outcome.Events.Find(e => e.ExecutionStarted is not null)?.ExecutionStarted.Name ?? "");
                }

                InstanceRows.Update(writer, run, outcome.Status, outcome.CustomStatus, now, purgeAt);
                Write(writer, instance, turn, outcome);
                WriteRenewed(writer, instance, renewed);
                born.ForEach(child => Births.Store(writer, child));
                sent.ForEach(delivery => Deliveries.Store(writer, delivery));
            });
        }
        catch
        {
            born.ForEach(births.Cancel);
            sent.ForEach(Deliveries.Cancel);
            throw;
        }

        Show(instance, turn, outcome, renewed);
        born.ForEach(births.Complete);
        sent.ForEach(Deliveries.Complete);
        return new TurnEffects(run, purgeAt, [.. born.Select(child => child.Instance), .. sent.Select(delivery => delivery.Receiver)]);
    }

    // Takes the ids of the children that the turn starts; what can't be started is a failure of that call.
    private (List<Birth> Born, List<HistoryEvent> Refusals) Reserve(Instance parent, TurnOutcome outcome)
    {
        var born = new List<Birth>();
        var refusals = new List<HistoryEvent>();
        foreach (var child in outcome.Children)
        {
            if (!InstanceIds.IsValid(child.Key.Id))
            {
                refusals.Add(Refusal(child, "WorkflowInstanceIdInvalid", InstanceIds.Mistake(child.Key.Id)));
                continue;
            }

            if (runtime.Active.IsFull)
            {
                refusals.Add(Refusal(child, "WorkflowInstanceLimitReached", $"There are {runtime.Active.Limit} active workflow instances already; more are not accepted."));
                continue;
            }

            var birth = births.Reserve(child.Key, child.Started);
            if (birth.Verdict is BirthVerdict.Reserved)
            {
                born.Add(birth);
            }
            else if (!IsOwnChild(parent, child, birth.Instance))
            {
                refusals.Add(Refusal(
                    child, "WorkflowInstanceAlreadyExists", $"An active workflow instance with the id '{child.Key.Id}' exists already."));
            }
        }

        return (born, refusals);
    }

    // The same call again finds the child that it made itself; any other instance with that id is a refusal.
    private static bool IsOwnChild(Instance parent, TurnOutcome.ChildStart child, Instance found) =>
        found.Started?.ExecutionStarted.ParentInstance is { } info
        && info.TaskScheduledId == child.Id
        && info.AppID == parent.Key.App
        && info.WorkflowInstance?.Equals(child.Started.ExecutionStarted.ParentInstance.WorkflowInstance) is true;

    private HistoryEvent Refusal(TurnOutcome.ChildStart child, string errorType, string message) => Arrivals.ChildFailed(
        child.Id, new TaskFailureDetails { ErrorType = errorType, ErrorMessage = message }, runtime.Clock.Stamp());

    private List<Delivery> Reserve(Instance instance, TurnOutcome outcome, Deliveries deliveries)
    {
        var sent = outcome.Sent.Select(letter => deliveries.Reserve(letter.Receiver, letter.Event)).OfType<Delivery>().ToList();
        if (outcome.End is { } end && instance.Started?.ExecutionStarted.ParentInstance is { } parent)
        {
            var ended = Arrivals.ChildEnded(parent.TaskScheduledId, end, runtime.Clock.Stamp());
            var key = new InstanceKey(parent.HasAppID ? parent.AppID : instance.Key.App, parent.WorkflowInstance.InstanceId);
            if (deliveries.Reserve(key, ended, receiver => IsSameRun(receiver, parent)) is { } delivery)
            {
                sent.Add(delivery);
            }
        }

        return sent;
    }

    // A parent that has continued as new no longer waits for the children of its earlier run.
    private static bool IsSameRun(Instance receiver, ParentInstanceInfo parent) =>
        receiver.Started?.ExecutionStarted.WorkflowInstance.ExecutionId == parent.WorkflowInstance.ExecutionId;

    // The next run's first events go before all that waits, at the places of those that this turn took.
    private static List<InboxEvent> Renewed(Turn turn, TurnOutcome outcome)
    {
        if (outcome.Renewal is not { } renewal)
        {
            return [];
        }

        HistoryEvent[] events = [renewal.Started, .. renewal.Carried];
        var first = turn.Taken[^1].Position - events.Length + 1;
        return [.. events.Select((e, i) => new InboxEvent(first + i, e, isDurable: true))];
    }

    private static void Write(Writer writer, Instance instance, Turn turn, TurnOutcome outcome)
    {
        InstanceRows.DeleteInbox(writer, instance.Row, turn.Taken);
        if (outcome.Renewal is not null)
        {
            InstanceRows.DeleteHistory(writer, instance.Row);
            InstanceRows.DeleteOpen(writer, instance.Row);
            return;
        }

        InstanceRows.AppendHistory(writer, instance.Row, instance.Execution.Turns, outcome.Events);
        if (outcome.End is not null)
        {
            InstanceRows.DeleteOpen(writer, instance.Row);
            InstanceRows.DeleteAllInbox(writer, instance.Row);
            return;
        }

        outcome.Timers.ForEach(timer => InstanceRows.InsertTimer(writer, instance.Row, timer));
        outcome.Activities.ForEach(activity => InstanceRows.InsertActivity(writer, instance.Row, activity.App, activity.Request));
    }

    private static void WriteRenewed(Writer writer, Instance instance, List<InboxEvent> renewed) =>
        renewed.ForEach(arrived => InstanceRows.InsertInbox(writer, instance.Row, arrived));

    private static void Show(Instance instance, Turn turn, TurnOutcome outcome, List<InboxEvent> renewed)
    {
        lock (instance.Gate)
        {
            instance.RemoveFromInbox(turn.Taken);
            if (outcome.Renewal is not null)
            {
                instance.Renew(instance.Generation + 1);
                instance.Prepend(renewed);
            }
            else
            {
                instance.Execution.AddTurn(outcome.Events);
            }

            instance.Status = outcome.Status;
            instance.CustomStatus = outcome.CustomStatus;
            instance.Turn = null;
        }
    }
}
