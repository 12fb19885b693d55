using System.Diagnostics;
using MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow.Worker;

/// <summary>
/// Spans of what a worker runs. Also when nobody listens there is a current one, if the work belongs to a trace: what the code calls
/// and logs must carry it.
/// </summary>
internal static class WorkerSpans
{
    /// <summary>The name of the source, as in the official package.</summary>
    public const string SourceName = "Dapr.Workflow";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Start(string name, ActivityKind kind, TraceContext? parent, string? instanceId)
    {
        var hasParent = ActivityContext.TryParse(parent?.TraceParent, parent?.TraceState, out var context);
        var span = Source.StartActivity(name, kind, context);
        if (span is null && hasParent)
        {
            span = new Activity(name) { TraceStateString = context.TraceState }.SetParentId(parent!.TraceParent).Start();
        }

        return span?.SetTag("dapr.workflow.instance_id", instanceId);
    }
}
