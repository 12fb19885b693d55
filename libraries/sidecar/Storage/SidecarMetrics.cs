using System.Diagnostics.Metrics;

namespace MeshWorkflow.Sidecar.Storage;

/// <summary>What the sidecar measures of itself, under the meter <c>MeshWorkflow.Sidecar</c>.</summary>
internal static class SidecarMetrics
{
    private static readonly Meter Meter = new("MeshWorkflow.Sidecar");

    private static readonly Histogram<double> CommitTime = Meter.CreateHistogram<double>(
        "meshworkflow.sidecar.commit.duration", "ms", "How long a commit took.");

    private static readonly Histogram<double> FlushTime = Meter.CreateHistogram<double>(
        "meshworkflow.sidecar.flush.duration", "ms", "How long it took to bring what was committed onto the disk.");

    private static readonly Histogram<int> CommitSize = Meter.CreateHistogram<int>(
        "meshworkflow.sidecar.commit.changes", "{change}", "How many changes shared a commit.");

    private static readonly Counter<long> Turns = Meter.CreateCounter<long>(
        "meshworkflow.sidecar.turns", "{turn}", "Turns stored, by app and the status that they left.");

    private static readonly Counter<long> Activities = Meter.CreateCounter<long>(
        "meshworkflow.sidecar.activities", "{activity}", "Activities' answers stored, by app and whether they failed.");

    private static readonly Counter<long> Stalls = Meter.CreateCounter<long>(
        "meshworkflow.sidecar.stalls", "{stall}", "How often instances stalled, by app and reason.");

    public static void Committed(int changes, TimeSpan duration)
    {
        CommitTime.Record(duration.TotalMilliseconds);
        CommitSize.Record(changes);
    }

    public static void Flushed(TimeSpan duration) => FlushTime.Record(duration.TotalMilliseconds);

    public static void TurnStored(string app, string status) => Turns.Add(1, new("app", app), new("status", status));

    public static void ActivityStored(string app, bool failed) => Activities.Add(1, new("app", app), new("failed", failed));

    public static void Stalled(string app, string reason) => Stalls.Add(1, new("app", app), new("reason", reason));
}
