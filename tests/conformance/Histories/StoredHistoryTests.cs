using MeshWorkflow.Tests.Conformance.AnyWorker;

namespace MeshWorkflow.Tests.Conformance.Histories;

/// <summary>
/// Histories of real runs, some with our worker, some with the official one, played to the worker of today: it must still ask for
/// what was asked then.
/// </summary>
public sealed class StoredHistoryTests
{
    private const string OfOfficial = ".official";

    public static TheoryData<string> Stories =>
        ["activities", "retries", "timers", "events", "children", "generations", "patches", "suspension", "fan-out", "failure"];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Story_PlayedAgain_GetsTheAnswersOfThen(string story)
    {
        if (StoredTurn.IsRecording)
        {
            StoredTurn.Write(story + (WorkerUnderTest.IsOfficial ? OfOfficial : ""), await StoryRecorder.RecordAsync(story));
        }

        await using var worker = await WorkerUnderTest.StartAsync(StoredWorkflows.Register);
        foreach (var turn in StoredTurn.Read(story).Concat(StoredTurn.Read(story + OfOfficial)))
        {
            var answer = StoredTurn.Comparable(await worker.Sidecar.AskAsync(turn.Request));
            var then = turn.Answer.Clone();
            if (turn.Request.NewEvents[^1].ExecutionSuspended is not null)
            {
                // The official worker drops the custom status of an instance that is being suspended.
                answer.CustomStatus = then.CustomStatus = null;
            }

            Assert.Equal(then.ToString(), answer.ToString());
        }
    }

    [Fact]
    public void Stories_Stored_AreAllPlayed()
    {
        var stories = Stories.Select(story => story.Data).ToList();
        Assert.Equal(stories.Concat(stories.Select(story => story + OfOfficial)).Order(), StoredTurn.Names);
    }
}
