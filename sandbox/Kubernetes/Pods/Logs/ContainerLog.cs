using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods.Logs;

/// <summary>The log of one run of a container.</summary>
internal sealed class ContainerLog
{
    // Nobody reads further back, and a node keeps no more.
    private const int MostLater = 500;
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(40);
    private readonly LogTexts _texts;
    private readonly DateTimeOffset _start;
    private readonly string _last;

    private ContainerLog(LogTexts texts, DateTimeOffset start, DateTimeOffset? end, string last)
    {
        (_texts, _start, End, _last) = (texts, start, end, last);
    }

    /// <summary>When the run ended; null: it goes on.</summary>
    public DateTimeOffset? End { get; }

    /// <summary>Finds the container that a caller means.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="wanted">The name; empty: the only one.</param>
    /// <exception cref="KubeFailure">There is none, or more than one.</exception>
    public static string NameOf(JsonObject pod, string wanted)
    {
        var (containers, first) = (Names(pod, "containers"), Names(pod, "initContainers"));
        if (wanted.Length > 0)
        {
            return containers.Contains(wanted) || first.Contains(wanted)
                ? wanted
                : throw Refusals.BadRequest($"container {wanted} is not valid for pod {pod.Name()}");
        }

        if (containers.Count == 1)
        {
            return containers[0];
        }

        var others = first.Count > 0 ? $" or one of the init containers: [{string.Join(" ", first)}]" : "";
        throw Refusals.BadRequest($"a container name must be specified for pod {pod.Name()}, choose one of: [{string.Join(" ", containers)}]{others}");
    }

    /// <summary>The log of the run that a caller means; null: the pod is on no node yet.</summary>
    /// <exception cref="KubeFailure">There was no such run.</exception>
    public static ContainerLog? Of(JsonObject pod, string container, bool isPrevious)
    {
        if (pod.Object("spec").Text("nodeName").Length == 0)
        {
            return null;
        }

        var place = $"container \"{container}\" in pod \"{pod.Name()}\"";
        var status = pod.Object("status").Objects("containerStatuses").Concat(pod.Object("status").Objects("initContainerStatuses"))
            .FirstOrDefault(found => found.Text("name") == container) ?? throw Refusals.BadRequest($"{place} is waiting to start: ContainerCreating");
        var last = status.Object("lastState").Object("terminated");
        if (isPrevious)
        {
            return last is null
                ? throw Refusals.BadRequest($"previous terminated {place} not found")
                : Ended(pod, container, last);
        }

        var state = status.Object("state");
        if (state.Object("running") is { } running)
        {
            return new ContainerLog(LogTexts.Of(pod, container), Time(running, "startedAt"), end: null, "");
        }

        return (state.Object("terminated") ?? last) is { } ended
            ? Ended(pod, container, ended)
            : throw Refusals.BadRequest($"{place} is waiting to start: {Waiting(state.Object("waiting").Text("reason"))}");
    }

    /// <summary>The lines that were written up to a time.</summary>
    public IEnumerable<LogLine> Until(DateTimeOffset now)
    {
        var end = End is { } ended && ended < now ? ended : now;
        for (var i = 0; i < _texts.AtStart.Count; i++)
        {
            var time = _start + (i * Apart);
            yield return new LogLine(time, _texts.AtStart[i](time));
        }

        var beats = _texts.Every == TimeSpan.MaxValue ? 0 : (long)((end - _start) / _texts.Every);
        for (var beat = Math.Max(1, beats - MostLater + 1); beat <= beats; beat++)
        {
            var time = _start + (beat * _texts.Every);
            yield return new LogLine(time, _texts.Again(time));
        }

        if (_last.Length > 0)
        {
            yield return new LogLine(end, _last);
        }
    }

    private static ContainerLog Ended(JsonObject pod, string container, JsonObject state) =>
        new(LogTexts.Of(pod, container), Time(state, "startedAt"), Time(state, "finishedAt"), state.Text("message"));

    private static List<string> Names(JsonObject pod, string field) => [.. pod.Object("spec").Objects(field).Select(item => item.Text("name"))];

    private static string Waiting(string reason) => reason switch
    {
        "ErrImagePull" => "image can't be pulled",
        "ImagePullBackOff" => "trying and failing to pull image",
        "" => "ContainerCreating",
        _ => reason,
    };

    private static DateTimeOffset Time(JsonObject state, string field) =>
        DateTimeOffset.TryParse(state.Text(field), CultureInfo.InvariantCulture, out var time) ? time : DateTimeOffset.UnixEpoch;
}
