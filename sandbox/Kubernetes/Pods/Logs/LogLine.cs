using System.Globalization;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods.Logs;

/// <summary>A line of a container's log.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="Text">The line, without its end.</param>
internal sealed record LogLine(DateTimeOffset Time, string Text)
{
    public string Shown(bool withTime) => withTime
        ? $"{Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)} {Text}\n"
        : $"{Text}\n";
}
