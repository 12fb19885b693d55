using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Tests.Sandbox;

public sealed class JournalTests
{
    [Fact]
    public void After_MoreThanIsKept_HasTheLastWithTheirNumbers()
    {
        var journal = new Journal(TimeProvider.System, size: 100);

        for (var number = 1; number <= 1_000; number++)
        {
            journal.AddEnd("compute", $"operation-{number}", []);
        }

        var kept = journal.After(0);
        Assert.InRange(kept.Count, 90, 100);
        Assert.Equal(1_000, kept[^1].Number);
        Assert.All(kept, entry => Assert.Equal($"operation-{entry.Number}", entry.Resource));
        Assert.Equal([999, 1_000], journal.After(998).Select(entry => entry.Number));
        Assert.Empty(journal.After(1_000));
    }

    [Fact]
    public void Body_KeptAsText_IsWhatWasSent()
    {
        var sent = new JsonObject { ["spec"] = new JsonObject { ["host"] = "a<b>&c" } };

        var entry = new JournalEntry(1, TimeProvider.System.GetUtcNow(), "", "", "", "", "", "", 200, []) { Body = sent };

        Assert.True(JsonNode.DeepEquals(sent, entry.Body));
    }
}
