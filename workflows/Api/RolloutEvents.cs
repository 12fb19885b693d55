using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Workflows.Api;

/// <summary>
/// Follows what happens in a rollout. Whoever comes back with the id of the last event that they have seen gets what happened since;
/// an event of about that time may come twice, and has the same id then. Besides, each stage and the rollout come as they stand, and
/// whenever they change.
/// </summary>
internal sealed class RolloutEvents(RolloutQueries queries, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // An event is written a moment after its time; so much of what lies before the last one is sent again.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    // So that whoever follows knows a quiet rollout from a dead connection.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<SseItem<string>> FollowAsync(
        string id, string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sent = new HashSet<string>(StringComparer.Ordinal);
        var since = lastEventId is null ? (DateTimeOffset?)null : DateTimeOffset.MinValue;
        RolloutState? state = null;
        var stages = new Dictionary<string, StageDocument>(StringComparer.Ordinal);
        var last = time.GetTimestamp();
        while (await queries.FindAsync(id, cancellationToken) is { } rollout)
        {
            var begun = time.GetTimestamp();
            var view = await queries.ViewAsync(rollout, cancellationToken);
            var taken = time.GetElapsedTime(begun);
            var events = Events(view);
            if (since == DateTimeOffset.MinValue && lastEventId is not null)
            {
                since = events.FirstOrDefault(happened => happened.Id == lastEventId)?.At - Overlap;
                sent.Add(lastEventId);
            }

            List<SseItem<string>> items =
            [
                .. events.Where(happened => (since is null || happened.At >= since) && sent.Add(happened.Id)).Select(happened =>
                    new SseItem<string>(JsonSerializer.Serialize(happened, ApiJson.Default.RolloutEvent), "step") { EventId = happened.Id }),
                .. view.Stages.Where(stage => !stage.Equals(stages.GetValueOrDefault(stage.Name))).Select(stage =>
                    new SseItem<string>(JsonSerializer.Serialize(stages[stage.Name] = stage, ApiJson.Default.StageDocument), "stage")),
            ];
            if (state != rollout.State)
            {
                state = rollout.State;
                items.Add(new SseItem<string>(JsonSerializer.Serialize(rollout, ApiJson.Default.RolloutDocument), "rollout"));
            }

            if (items.Count == 0 && time.GetElapsedTime(last) > Quiet)
            {
                items.Add(new SseItem<string>("", "alive"));
            }

            foreach (var item in items)
            {
                last = time.GetTimestamp();
                yield return item;
            }

            if (rollout.HasEnded)
            {
                yield break;
            }

            // A large fleet takes a while to read: following it is not to take more than a fifth of the time.
            await Task.Delay(taken * 4 > Pause ? taken * 4 : Pause, time, cancellationToken);
        }
    }

    private static List<RolloutEvent> Events(RolloutView view) =>
    [
        .. view.Scopes.Concat(view.Clusters)
            .SelectMany(scope => scope.Events.Select(happened => new RolloutEvent(
                happened.Id,
                happened.At,
                scope.Scope.ToString(),
                scope.Name,
                happened.Step,
                happened.Phase?.ToString(),
                happened.Outcome,
                happened.Message)))
            .OrderBy(happened => happened.At),
    ];
}

/// <summary>Something that happened in a rollout.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When.</param>
/// <param name="Scope">Where: <c>cluster/P/L/C</c> or <c>project/P</c>.</param>
/// <param name="Name">What people call that.</param>
/// <param name="Step">The step; null: the state of the whole scope has changed.</param>
/// <param name="Phase">What the step was at.</param>
/// <param name="Outcome">How it went, or the new state.</param>
/// <param name="Message">More, for people.</param>
internal sealed record RolloutEvent(
    string Id, DateTimeOffset At, string Scope, string Name, string? Step, string? Phase, string Outcome, string? Message);
