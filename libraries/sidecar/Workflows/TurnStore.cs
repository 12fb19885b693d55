using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Stores a turn's outcome in one transaction: the history, the inboxes of all it touches, the children that it starts.</summary>
internal sealed class TurnStore(Runtime runtime, Births births)
{
    /// <summary>Stores it, then shows it to the rest of the engine.</summary>
    /// <returns>Whom it woke.</returns>
    public async Task<TurnEffects> StoreAsync(Instance instance, Turn turn, TurnOutcome outcome, Deliveries deliveries)
    {
        var children = outcome.Children.ConvertAll(child => (Child: child, Birth: births.Reserve(child.Key, child.Started)));
        var born = children.Where(child => child.Birth.Verdict is BirthVerdict.Reserved).Select(child => child.Birth).ToList();
        var sent = Reserve(instance, outcome, deliveries);
        sent.AddRange(children.Where(child => IsRefused(instance, child.Child, child.Birth))
            .Select(child => deliveries.Reserve(instance.Key, IdTaken(child.Child)))
            .OfType<Delivery>());
        var renewed = Renewed(turn, outcome);
        var generation = outcome.Renewal is null ? instance.Generation : instance.Generation + 1;
        try
        {
            await runtime.Database.CommitAsync(writer =>
            {
                Write(writer, instance, turn, outcome);
                WriteRenewed(writer, instance, renewed);
                born.ForEach(birth => Births.Store(writer, birth));
                sent.ForEach(delivery => Deliveries.Store(writer, delivery));
                InstanceRows.Update(writer, instance, generation, outcome.Status, outcome.CustomStatus, runtime.Clock.Now());
            });
        }
        catch
        {
            born.ForEach(births.Cancel);
            sent.ForEach(Deliveries.Cancel);
            throw;
        }

        Show(instance, turn, outcome, renewed);
        born.ForEach(Births.Complete);
        sent.ForEach(Deliveries.Complete);
        return new TurnEffects(generation, [.. born.Select(birth => birth.Instance), .. sent.Select(delivery => delivery.Receiver)]);
    }

    // The same call again finds the child that it made itself; any other instance with that id is a refusal.
    private static bool IsRefused(Instance parent, TurnOutcome.ChildStart child, Birth birth)
    {
        if (birth.Verdict is BirthVerdict.Reserved)
        {
            return false;
        }

        var info = birth.Instance.Started?.ExecutionStarted.ParentInstance;
        return info is null
            || info.TaskScheduledId != child.Id
            || info.AppID != parent.Key.App
            || info.WorkflowInstance?.Equals(child.Started.ExecutionStarted.ParentInstance.WorkflowInstance) is not true;
    }

    private HistoryEvent IdTaken(TurnOutcome.ChildStart child) => Arrivals.ChildFailed(
        child.Id,
        new TaskFailureDetails
        {
            ErrorType = "WorkflowInstanceAlreadyExists",
            ErrorMessage = $"An active workflow instance with the id '{child.Key.Id}' exists already.",
        },
        runtime.Clock.Stamp());

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
