using System.Text;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Pods.Logs;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Traffic;
using Microsoft.AspNetCore.Http;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Shows the logs of pods, once or for as long as somebody reads on.</summary>
internal sealed class PodLogs(ClusterState cluster, Reads reads)
{
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");

    // How soon a reader who waits hears of a new line, or of the pod's end.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <exception cref="KubeFailure">There is no such log, or the query is wrong.</exception>
    public Answer Read(KubeRequest request)
    {
        var pod = reads.Find(request);
        var options = LogOptions.Read(request);
        var container = ContainerLog.NameOf(pod, request.Http.QueryValue("container") ?? "");
        var log = ContainerLog.Of(pod, container, options.IsPrevious);
        if (log is null)
        {
            return new Answer(200) { Text = "" };
        }

        var first = log.Until(request.Now).Where(line => options.Since is not { } since || line.Time >= since).ToList();
        var shown = options.Tail is { } tail ? first.TakeLast((int)Math.Min(tail, int.MaxValue)) : first;
        var text = Cut(string.Concat(shown.Select(line => line.Shown(options.ShowsTimes))), options.Bytes);
        return options.Follows && log.End is null
            ? new Answer(200) { ContentType = "text/plain", Stream = (http, token) => FollowAsync(request, container, text, options, http, token) }
            : new Answer(200) { Text = text };
    }

    private async Task FollowAsync(
        KubeRequest request, string container, string text, LogOptions options, HttpResponse http, CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cluster.Stopping);
        var (seen, left) = (request.Now, options.Bytes);
        try
        {
            await http.StartAsync(ends.Token);
            while (true)
            {
                text = Cut(text, left);
                var told = Encoding.UTF8.GetBytes(text);
                await http.Body.WriteAsync(told, ends.Token);
                await http.Body.FlushAsync(ends.Token);
                left -= told.Length;
                if (left <= 0 || Log(request, container) is not { End: null } log)
                {
                    return;
                }

                await Task.Delay(Look, cluster.Time, ends.Token);
                var now = cluster.Time.GetUtcNow();
                text = string.Concat(log.Until(now).Where(line => line.Time > seen).Select(line => line.Shown(options.ShowsTimes)));
                seen = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The reader went away, or the cluster.
        }
    }

    // Null: the pod is gone, or another one has its name.
    private ContainerLog? Log(KubeRequest request, string container)
    {
        lock (cluster.Gate.Gate)
        {
            try
            {
                return cluster.Store.Find(Pods, request.Namespace, request.Name) is { } pod ? ContainerLog.Of(pod, container, isPrevious: false) : null;
            }
            catch (KubeFailure)
            {
                // It waits to be started again: this run is over.
                return null;
            }
        }
    }

    private static string Cut(string text, long? bytes) =>
        bytes is { } most && Encoding.UTF8.GetByteCount(text) > most ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text).AsSpan(0, (int)most)) : text;
}
