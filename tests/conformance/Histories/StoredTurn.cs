using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Conformance.Histories;

/// <summary>A turn as it was once played: what the sidecar asked and what the worker answered. Stack traces are left out.</summary>
internal sealed record StoredTurn(WorkflowRequest Request, WorkflowResponse Answer)
{
    /// <summary>Set it to 1, and the histories are recorded anew.</summary>
    public const string RecordVariable = "MESHWF_RECORD_HISTORIES";

    public static bool IsRecording => Environment.GetEnvironmentVariable(RecordVariable) == "1";

    public static string[] Names => [.. Directory.EnumerateFiles(Folder(), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    public static StoredTurn Of(WorkflowRequest request, WorkflowResponse answer)
    {
        var turn = new StoredTurn(request.Clone(), Comparable(answer));
        foreach (var failure in turn.Request.PastEvents.Concat(turn.Request.NewEvents).Select(FailureOf))
        {
            Forget(failure);
        }

        return turn;
    }

    /// <summary>An answer without what differs from run to run.</summary>
    public static WorkflowResponse Comparable(WorkflowResponse answer)
    {
        var comparable = answer.Clone();
        comparable.CompletionToken = "";
        foreach (var action in comparable.Actions)
        {
            Forget(action.CompleteWorkflow?.FailureDetails);
        }

        return comparable;
    }

    public static IReadOnlyList<StoredTurn> Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(FileOf(name)));
        var turns = new List<StoredTurn>();
        var past = new List<HistoryEvent>();
        foreach (var turn in document.RootElement.EnumerateArray())
        {
            past = turn.GetProperty("afresh").GetBoolean() ? [] : past;
            past.AddRange(EventsOf(turn.GetProperty("past")));
            var request = JsonParser.Default.Parse<WorkflowRequest>(turn.GetProperty("request").GetRawText());
            request.PastEvents.Add(past);
            request.NewEvents.Add(EventsOf(turn.GetProperty("new")));
            turns.Add(new StoredTurn(request, JsonParser.Default.Parse<WorkflowResponse>(turn.GetProperty("answer").GetRawText())));
        }

        return turns;
    }

    /// <summary>Writes turns, one event a line; of the past only what a turn has more than the one before.</summary>
    public static void Write(string name, IReadOnlyList<StoredTurn> turns)
    {
        var text = new StringBuilder("[");
        IReadOnlyList<HistoryEvent> before = [];
        foreach (var turn in turns)
        {
            var past = turn.Request.PastEvents;
            var afresh = past.Count < before.Count || !past.Take(before.Count).SequenceEqual(before);
            var head = turn.Request.Clone();
            head.PastEvents.Clear();
            head.NewEvents.Clear();
            text.Append(before.Count == 0 && text.Length == 1 ? "\n" : ",\n")
                .Append("  {\n    \"request\": ").Append(head).Append(",\n    \"afresh\": ").Append(afresh ? "true" : "false");
            Append(text, "past", afresh ? past : past.Skip(before.Count));
            Append(text, "new", turn.Request.NewEvents);
            text.Append(",\n    \"answer\": ").Append(turn.Answer).Append("\n  }");
            before = past;
        }

        File.WriteAllText(FileOf(name), text.Append("\n]\n").ToString());
    }

    private static void Append(StringBuilder text, string name, IEnumerable<HistoryEvent> events) => text
        .Append(",\n    \"").Append(name).Append("\": [")
        .AppendJoin(',', events.Select(e => $"\n      {e}")).Append(']');

    private static IEnumerable<HistoryEvent> EventsOf(JsonElement events) =>
        events.EnumerateArray().Select(e => JsonParser.Default.Parse<HistoryEvent>(e.GetRawText()));

    private static TaskFailureDetails? FailureOf(HistoryEvent e) =>
        e.TaskFailed?.FailureDetails ?? e.ChildWorkflowInstanceFailed?.FailureDetails ?? e.ExecutionCompleted?.FailureDetails;

    private static void Forget(TaskFailureDetails? failure)
    {
        if (failure is not null)
        {
            failure.StackTrace = null;
        }
    }

    private static string FileOf(string name) => Path.Combine(Folder(), name + ".json");

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Stored");
}
