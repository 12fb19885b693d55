using System.Globalization;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Data.Sqlite;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>The histories in a state file.</summary>
internal static class Histories
{
    /// <summary>None of ours is larger.</summary>
    public const long Limit = 256 * 1024;

    /// <summary>What goes into a child workflow and comes out of it is references and verdicts.</summary>
    private const int ChildLimit = 512;

    public static List<History> Read(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT i.id, i.name, h.events FROM instance i JOIN history h ON h.instance = i.key ORDER BY i.key, h.turn";
        using var reader = command.ExecuteReader();
        var turns = new List<(string Id, string Workflow, byte[] Events)>();
        while (reader.Read())
        {
            turns.Add((reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2)));
        }

        return
        [
            .. turns.GroupBy(turn => (turn.Id, turn.Workflow)).Select(instance => new History(
                instance.Key.Id,
                instance.Key.Workflow,
                instance.Sum(turn => turn.Events.LongLength),
                [.. instance.SelectMany(turn => EventsOf(turn.Events))])),
        ];
    }

    /// <summary>Each history, and what each child was given and answered, are within their limits.</summary>
    public static void AssertSmall(IReadOnlyList<History> histories)
    {
        Assert.NotEmpty(histories);
        foreach (var history in histories)
        {
            Assert.True(history.Size <= Limit, string.Create(CultureInfo.InvariantCulture, $"{history.Id} ({history.Workflow}) has {history.Size} bytes"));
            foreach (var text in history.Events.SelectMany(TextsOfChildren))
            {
                Assert.True(text.Length <= ChildLimit, $"{history.Id} ({history.Workflow}) has a child with {text.Length} bytes: {text}");
            }
        }
    }

    public static IEnumerable<string> TextsOfChildren(HistoryEvent happened)
    {
        string?[] texts = [happened.ChildWorkflowInstanceCreated?.Input, happened.ChildWorkflowInstanceCompleted?.Result];
        return texts.OfType<string>();
    }

    private static List<HistoryEvent> EventsOf(byte[] written)
    {
        var events = new List<HistoryEvent>();
        using var stream = new MemoryStream(written);
        while (stream.Position < stream.Length)
        {
            events.Add(HistoryEvent.Parser.ParseDelimitedFrom(stream));
        }

        return events;
    }
}

/// <summary>The history of a workflow.</summary>
/// <param name="Id">Its instance.</param>
/// <param name="Workflow">Which it is.</param>
/// <param name="Size">How many bytes it has.</param>
/// <param name="Events">What happened.</param>
internal sealed record History(string Id, string Workflow, long Size, IReadOnlyList<HistoryEvent> Events);
