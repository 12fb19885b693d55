using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Workflows.Histories;

/// <summary>The history of a workflow of an earlier run, turn by turn: what came, then what the workflow asked for.</summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Instance">The instance.</param>
/// <param name="Turns">Its turns.</param>
internal sealed record StoredHistory(string Workflow, string Instance, IReadOnlyList<IReadOnlyList<HistoryEvent>> Turns)
{
    /// <summary>All that are stored, each as <c>VERSION/NAME</c>.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder(), "*.json", SearchOption.AllDirectories)
        .Select(file => Path.ChangeExtension(Path.GetRelativePath(Folder(), file), null).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    public static StoredHistory Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json")));
        var root = document.RootElement;
        return new StoredHistory(
            root.GetProperty("workflow").GetString() ?? "",
            root.GetProperty("instance").GetString() ?? "",
            [.. root.GetProperty("turns").EnumerateArray().Select(turn => (IReadOnlyList<HistoryEvent>)
                [.. turn.EnumerateArray().Select(happened => JsonParser.Default.Parse<HistoryEvent>(happened.GetRawText()))])]);
    }

    /// <summary>What the sidecar asks in a turn.</summary>
    public WorkflowRequest Request(int turn)
    {
        var request = new WorkflowRequest { InstanceId = Instance };
        request.PastEvents.Add(Turns.Take(turn).SelectMany(events => events));
        request.NewEvents.Add(Turns[turn].Where(happened => Asked(happened) is null));
        return request;
    }

    /// <summary>What the workflow asked for in a turn, one line each.</summary>
    public IReadOnlyList<string> Answer(int turn) => [.. Turns[turn].Select(Asked).OfType<string>().Order(StringComparer.Ordinal)];

    /// <summary>What a worker asks for, as <see cref="Answer"/> says it.</summary>
    public static IReadOnlyList<string> Of(WorkflowResponse answer) => [.. answer.Actions.Select(Asked).Order(StringComparer.Ordinal)];

    private static string? Asked(HistoryEvent happened) => happened.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.TaskScheduled => $"{happened.EventId} activity {happened.TaskScheduled.Name}",
        HistoryEvent.EventTypeOneofCase.TimerCreated => $"{happened.EventId} timer",
        HistoryEvent.EventTypeOneofCase.ChildWorkflowInstanceCreated =>
            $"{happened.EventId} child {happened.ChildWorkflowInstanceCreated.Name} {happened.ChildWorkflowInstanceCreated.InstanceId}",
        HistoryEvent.EventTypeOneofCase.ExecutionCompleted => $"end {happened.ExecutionCompleted.WorkflowStatus}",
        _ => null,
    };

    private static string Asked(WorkflowAction action) => action.WorkflowActionTypeCase switch
    {
        WorkflowAction.WorkflowActionTypeOneofCase.ScheduleTask => $"{action.Id} activity {action.ScheduleTask.Name}",
        WorkflowAction.WorkflowActionTypeOneofCase.CreateTimer => $"{action.Id} timer",
        WorkflowAction.WorkflowActionTypeOneofCase.CreateChildWorkflow =>
            $"{action.Id} child {action.CreateChildWorkflow.Name} {action.CreateChildWorkflow.InstanceId}",
        WorkflowAction.WorkflowActionTypeOneofCase.CompleteWorkflow => $"end {action.CompleteWorkflow.WorkflowStatus}",
        _ => action.ToString(),
    };

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Stored");
}
