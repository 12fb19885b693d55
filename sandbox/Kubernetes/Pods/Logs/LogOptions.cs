using System.Globalization;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Requests;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods.Logs;

/// <summary>What a caller wants of a log.</summary>
/// <param name="Since">From when on; null: from the start.</param>
/// <param name="Tail">How many of the last lines; null: all.</param>
/// <param name="Bytes">How many bytes at most; null: any number.</param>
/// <param name="ShowsTimes">Whether each line begins with its time.</param>
/// <param name="Follows">Whether the log is to go on.</param>
/// <param name="IsPrevious">Whether it is about the run before the last restart.</param>
internal sealed record LogOptions(DateTimeOffset? Since, long? Tail, long? Bytes, bool ShowsTimes, bool Follows, bool IsPrevious)
{
    private static readonly ResourceKind Options = new("", "", "PodLogOptions", false) { Versions = [] };

    /// <exception cref="KubeFailure">The query is wrong.</exception>
    public static LogOptions Read(KubeRequest request)
    {
        var mistakes = new List<FieldMistake>();
        var seconds = Number("sinceSeconds", 1);
        var since = request.Http.QueryValue("sinceTime") is { Length: > 0 } time
            ? DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var parsed) ? parsed : throw Refusals.BadRequest($"parsing time \"{time}\": cannot parse")
            : (DateTimeOffset?)null;
        if (since is not null && seconds is not null)
        {
            mistakes.Add(FieldMistake.Forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        }

        var options = new LogOptions(
            since ?? (seconds is { } ago ? request.Now - TimeSpan.FromSeconds(ago) : null),
            Number("tailLines", 0),
            Number("limitBytes", 1),
            request.Wants("timestamps"),
            request.Wants("follow"),
            request.Wants("previous"));
        return mistakes.Count == 0 ? options : throw Refusals.Invalid(Options, request.Name, mistakes);

        long? Number(string name, long least)
        {
            var text = request.Http.QueryValue(name);
            var number = CallOptions.CheckNumber(text);
            if (number < least)
            {
                mistakes.Add(FieldMistake.Invalid(name, text ?? "", least == 0 ? "must be greater than or equal to 0" : "must be greater than 0"));
            }

            return number;
        }
    }
}
