using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>
/// Spans of the source <c>MeshWorkflow.Sidecar</c>, named as daprd names its own. Where nobody listens there are none, and what
/// follows hangs on the caller's span instead: the trace is one in any case.
/// </summary>
internal static class Tracing
{
    public const string SourceName = "MeshWorkflow.Sidecar";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace that a call belongs to: what the request says, or its <c>traceparent</c> header.</summary>
    public static TraceContext? Of(CreateInstanceRequest request, Metadata headers) => Checked(request.ParentTraceContext) ?? Checked(new TraceContext
    {
        TraceParent = headers.GetValue("traceparent") ?? "",
        TraceState = headers.GetValue("tracestate"),
    });

    /// <summary>Begins the span of a start.</summary>
    public static Activity? Start(string workflow, string instanceId, TraceContext? caller) =>
        Begin($"create_orchestration||{workflow}", ActivityKind.Server, caller, instanceId, since: default);

    /// <summary>Begins the span of a turn that a worker has answered.</summary>
    public static Activity? Turn(InstanceKey instance, HistoryEvent? started, Timestamp since) => Begin(
        $"orchestration||{started?.ExecutionStarted.Name}",
        ActivityKind.Server,
        started?.ExecutionStarted.ParentTraceContext,
        instance.Id,
        since.ToDateTimeOffset());

    /// <summary>Begins the span of an activity, which is another thread's to end.</summary>
    public static Activity? Activity(InstanceKey instance, ActivityRequest request)
    {
        var current = System.Diagnostics.Activity.Current;
        var span = Begin($"activity||{request.Name}", ActivityKind.Client, request.ParentTraceContext, instance.Id, since: default);
        System.Diagnostics.Activity.Current = current;
        return span?.SetTag("durabletask.task.task_id", request.TaskId);
    }

    /// <summary>Ends a span that another thread began.</summary>
    public static void End(Activity? span, TaskFailureDetails? failure)
    {
        if (span is null)
        {
            return;
        }

        if (failure is not null)
        {
            span.SetStatus(ActivityStatusCode.Error, failure.ErrorMessage);
        }

        var current = System.Diagnostics.Activity.Current;
        span.Stop();
        System.Diagnostics.Activity.Current = current;
    }

    /// <summary>The span of a timer that has fired: from when it was due.</summary>
    public static void Fired(InstanceKey instance, HistoryEvent? started, Timestamp fireAt) => Begin(
        "timer", ActivityKind.Internal, started?.ExecutionStarted.ParentTraceContext, instance.Id, fireAt.ToDateTimeOffset())?.Dispose();

    /// <summary>What follows from a span hangs on it; without one, on what it would have hung on itself.</summary>
    public static TraceContext? Context(Activity? span, TraceContext? parent) => span is null ? parent : new TraceContext
    {
        TraceParent = span.Id,
        TraceState = span.TraceStateString,
    };

    private static Activity? Begin(string name, ActivityKind kind, TraceContext? parent, string instanceId, DateTimeOffset since)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        _ = ActivityContext.TryParse(parent?.TraceParent, parent?.TraceState, out var context);
        return Source.StartActivity(name, kind, context, [new("durabletask.task.instance_id", instanceId)], startTime: since);
    }

    private static TraceContext? Checked(TraceContext? context) =>
        ActivityContext.TryParse(context?.TraceParent, context?.TraceState, out _) ? context : null;
}
