using System.Diagnostics;
using System.Globalization;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>A turn or an activity that a worker is to do.</summary>
/// <param name="Token">Tells its answer from that to any other work.</param>
/// <param name="Instance">Whose.</param>
/// <param name="Run">The instance's run.</param>
internal abstract record Work(string Token, InstanceKey Instance, RunId Run)
{
    /// <summary>Since when it is to be done.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>What an answer names that carries no token: the instance, and the task or -1 for a turn.</summary>
    public abstract (string Instance, int Task) Name { get; }

    public abstract WorkItem Item { get; }
}

/// <summary>A turn.</summary>
internal sealed record TurnWork(Turn Turn, InstanceKey Instance, WorkflowRequest Request)
    : Work(Turn.Token, Instance, Turn.Run)
{
    public override (string Instance, int Task) Name => (Instance.Id, -1);

    public override WorkItem Item => new() { WorkflowRequest = Request, CompletionToken = Token };
}

/// <summary>
/// An activity. Its token is made of its run and its id: whoever has done it may answer, also after the sidecar was started anew.
/// </summary>
internal sealed record ActivityWork(string Token, InstanceKey Instance, RunId Run, ActivityRequest Request)
    : Work(Token, Instance, Run)
{
    /// <summary>Its span, from when it was first given out or waited; null: nobody listens.</summary>
    public Activity? Span { get; private init; }

    public override (string Instance, int Task) Name => (Instance.Id, Request.TaskId);

    public static ActivityWork Of(InstanceKey instance, RunId run, ActivityRequest request)
    {
        var span = Tracing.Activity(instance, request);
        if (span is not null)
        {
            request = request.Clone();
            request.ParentTraceContext = Tracing.Context(span, parent: null);
        }

        return new ActivityWork(TokenOf(request), instance, run, request) { Span = span };
    }

    private static string TokenOf(ActivityRequest request) => request.WorkflowInstance?.ExecutionId is { Length: > 0 } execution
        ? string.Create(CultureInfo.InvariantCulture, $"{execution}:{request.TaskId}")
        : RandomIds.New();

    public override WorkItem Item => new() { ActivityRequest = Request, CompletionToken = Token };
}
