using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MeshWorkflow.Cli.Client;

/// <summary>
/// Follows a rollout to its end by its server-sent events. Where the connection is lost, it looks for the API anew, which may have
/// another address by then, and goes on after the last event that it has seen.
/// </summary>
/// <param name="connect">Finds the API.</param>
/// <param name="time">The clock.</param>
internal sealed class RolloutFollower(Func<RolloutClient> connect, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // The API tells every 15 s that it is there.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _last;
    private bool _hasEnded;
    private bool _hasConnected;

    /// <summary>How long it is tried to reach the API again before that is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <exception cref="ApiRefusedException">There is no such rollout.</exception>
    /// <exception cref="ApiUnreachableException">The API can't be reached any more.</exception>
    public async IAsyncEnumerable<Happening> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        var lastHeard = time.GetTimestamp();
        var isLost = false;
        while (true)
        {
            using var silence = new CancellationTokenSource(LongestSilence, time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
            await using var events = Connection(id, end.Token).GetAsyncEnumerator(CancellationToken.None);
            string? why;
            while (true)
            {
                (var item, why) = await NextAsync(events, cancellationToken);
                silence.CancelAfter(LongestSilence);
                if (item is null)
                {
                    break;
                }

                (pause, lastHeard, isLost, _hasConnected) = (FirstPause, time.GetTimestamp(), false, true);
                if (Read(item.Value) is { } happening)
                {
                    yield return happening;
                }
            }

            if (_hasEnded)
            {
                yield break;
            }

            if (!_hasConnected || time.GetElapsedTime(lastHeard) > Patience)
            {
                throw new ApiUnreachableException(why ?? "it ends the connection");
            }

            if (!isLost && why is not null)
            {
                isLost = true;
                yield return new Happening.Lost(why);
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async IAsyncEnumerable<SseItem<string>> Connection(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = connect();
        await foreach (var item in client.EventsAsync(id, _last, cancellationToken))
        {
            yield return item;
        }
    }

    private static async Task<(SseItem<string>? Item, string? Why)> NextAsync(
        IAsyncEnumerator<SseItem<string>> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync() ? (events.Current, null) : (null, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutException or ApiUnreachableException)
        {
            return (null, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"nothing was heard for {LongestSilence.TotalSeconds:0} s");
        }
    }

    private Happening? Read(SseItem<string> item)
    {
        switch (item.EventType)
        {
            case "step" when Json(item, RolloutClient.Answers.RolloutEvent) is { } happened:
                _last = happened.Id;
                return _seen.Add(happened.Id) ? new Happening.Step(happened) : null;
            case "stage" when Json(item, RolloutClient.Answers.StageDocument) is { } stage:
                return new Happening.Stage(stage);
            case "rollout" when Json(item, RolloutClient.Answers.RolloutDocument) is { } rollout:
                _hasEnded = rollout.HasEnded;
                return new Happening.Rollout(rollout);
            default:
                return null;
        }
    }

    private static T? Json<T>(SseItem<string> item, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(item.Data, type);
}
