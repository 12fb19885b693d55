using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Traffic;
using Microsoft.AspNetCore.Http;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Tells of changes as they happen.</summary>
internal sealed class Watches(ClusterState cluster)
{
    // Who is that far behind does not read: the watch ends, and begins again where it was read up to.
    private const int MaxBehind = 4 * 1024 * 1024;

    /// <exception cref="KubeFailure">The query is wrong.</exception>
    public Answer Watch(KubeRequest request)
    {
        var wanted = Selection.Read(request);
        var start = WatchStart.Read(request, cluster.Store);
        if (start.Revision < cluster.Store.Forgotten && !start.ShowsAll)
        {
            // The answer has begun when a server finds out: the refusal is an event.
            var expired = Expired(start);
            return new Answer(200) { Stream = (http, token) => WriteAsync(http, expired, token) };
        }

        return new Answer(200) { Stream = (http, token) => StreamAsync(new WatchView(request, wanted), start, http, token) };
    }

    private async Task StreamAsync(WatchView view, WatchStart start, HttpResponse http, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cluster.Stopping);
        using var timer = start.Time is { } time ? cluster.Time.CreateTimer(_ => ends.Cancel(), null, time, Timeout.InfiniteTimeSpan) : null;
        var events = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
        var isCut = false;
        var (behind, allowed) = (0L, long.MaxValue);
        void Tell(StoreChange change)
        {
            if (!isCut && view.Show(change) is { } shown)
            {
                var told = Event(shown.Type, shown.Object);
                if (Interlocked.Add(ref behind, told.Length) > allowed)
                {
                    isCut = true;
                    events.Writer.TryComplete();
                    return;
                }

                events.Writer.TryWrite(told);
            }
        }

        // The world was put back to a saved state: what the caller knows is none of its past.
        void Expire()
        {
            isCut = true;
            events.Writer.TryWrite(Expired(start));
            events.Writer.TryComplete();
        }

        lock (cluster.Gate.Gate)
        {
            if (start.Revision < cluster.Store.Forgotten && !start.ShowsAll)
            {
                Expire();
            }
            else
            {
                First(view, start, events.Writer, Tell);
                allowed = behind + MaxBehind;
                cluster.Store.Changed += Tell;
                cluster.Restored += Expire;
            }
        }

        try
        {
            await http.StartAsync(ends.Token);
            await http.Body.FlushAsync(ends.Token);
            while (await events.Reader.WaitToReadAsync(ends.Token))
            {
                while (events.Reader.TryRead(out var item))
                {
                    await http.Body.WriteAsync(item, ends.Token);
                    Interlocked.Add(ref behind, -item.Length);
                }

                await http.Body.FlushAsync(ends.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller went away, or the time that it wanted to listen is over.
        }
        finally
        {
            lock (cluster.Gate.Gate)
            {
                cluster.Store.Changed -= Tell;
                cluster.Restored -= Expire;
            }

            await LastAsync(view, start.Bookmarks && !isCut, http, cancellationToken);
        }
    }

    private void First(WatchView view, WatchStart start, ChannelWriter<byte[]> events, Action<StoreChange> tell)
    {
        if (!start.ShowsAll)
        {
            cluster.Store.After(start.Revision).ToList().ForEach(tell);
            return;
        }

        foreach (var found in cluster.Store.List(view.Request.Kind, view.Request.Within))
        {
            tell(new StoreChange(0, view.Request.Kind.Stored, Before: null, found));
        }

        if (view.Request.Wants("sendInitialEvents") && start.Bookmarks)
        {
            var bookmark = view.Bookmark(cluster.Store.Revision);
            bookmark.SetAnnotation("k8s.io/initial-events-end", "true");
            events.TryWrite(Event("BOOKMARK", bookmark));
        }
    }

    // A watch that ends in good order says up to where it has seen everything.
    private async Task LastAsync(WatchView view, bool isWanted, HttpResponse http, CancellationToken cancellationToken)
    {
        if (!isWanted || cancellationToken.IsCancellationRequested || cluster.Stopping.IsCancellationRequested)
        {
            return;
        }

        JsonObject bookmark;
        lock (cluster.Gate.Gate)
        {
            bookmark = view.Bookmark(cluster.Store.Revision);
        }

        await WriteAsync(http, Event("BOOKMARK", bookmark), cancellationToken);
    }

    private byte[] Expired(WatchStart start) =>
        Event("ERROR", Refusals.Expired($"too old resource version: {start.Revision} ({cluster.Store.Forgotten})").Status);

    private static byte[] Event(string type, JsonNode shown) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = type, ["object"] = shown }, AnswerJson.Options), (byte)'\n'];

    private static async Task WriteAsync(HttpResponse http, byte[] told, CancellationToken cancellationToken)
    {
        await http.Body.WriteAsync(told, cancellationToken);
        await http.Body.FlushAsync(cancellationToken);
    }
}
