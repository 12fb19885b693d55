using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Worker.Replay;

/// <summary>Awaiting what no event will ever end is said aloud; the official worker leaves the instance hanging in silence.</summary>
public sealed class ForeignAwaitTests
{
    [Fact]
    public async Task Await_OfSomethingForeign_FailsTheInstanceAtOnce()
    {
        var never = new TaskCompletionSource();
        var turns = Turns.Of<string?, string>("foreign-1", async (_, _) =>
        {
            await never.Task;
            return "";
        });
        AssertForeign(await turns.StartAsync());
    }

    [Fact]
    public async Task Await_OfSomethingForeign_AfterAnEventWaitIsOver_FailsTheInstance()
    {
        var never = new TaskCompletionSource();
        var turns = Turns.Of<string?, string>("foreign-2", async (context, _) =>
        {
            await context.WaitForExternalEventAsync<string>("go", Timeout.InfiniteTimeSpan);
            await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromHours(1));
            await never.Task;
            return "";
        });
        await turns.StartAsync();
        Assert.Single((await turns.NextAsync(Events.Raised("go"))).Actions);

        // The timers of the waits are still open, but nobody waits for them.
        AssertForeign(await turns.NextAsync(Events.Raised("go")));
    }

    [Fact]
    public async Task Code_OnAnotherThread_CannotCallAnything()
    {
        var log = new RecordedLog();
        var tried = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        var foreign = new TaskCompletionSource();
        var turns = Turns.Of<string?, string>(
            "foreign-3",
            async (context, _) =>
            {
                var go = context.WaitForExternalEventAsync<string>("go");
                await Task.WhenAny(go, foreign.Task);
                try
                {
                    await context.CallActivityAsync("A");
                }
                catch (Exception exception)
                {
                    tried.SetResult(exception);
                    throw;
                }

                return "";
            },
            loggers: log);

        // The event could still wake it, so the turn itself is in order …
        Assert.Empty((await turns.StartAsync()).Actions);
        Assert.Empty(log.Lines);

        // … until the code runs on where no turn is.
        foreign.SetResult();
        Assert.Contains("not a workflow task", (await tried.Task).Message, StringComparison.Ordinal);
        Assert.Contains("foreign-3", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_EndingAfterItsTurn_IsReported()
    {
        var log = new RecordedLog();
        var foreign = new TaskCompletionSource();
        var turns = Turns.Of<string?, string>(
            "foreign-4",
            async (context, _) =>
            {
                await Task.WhenAny(context.WaitForExternalEventAsync<string>("go"), foreign.Task);
                return "";
            },
            loggers: log);
        Assert.Empty((await turns.StartAsync()).Actions);
        foreign.SetResult();
        Assert.Contains("not a workflow task", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    private static void AssertForeign(WorkflowResponse response)
    {
        var end = Assert.Single(response.Actions).CompleteWorkflow;
        Assert.Equal(OrchestrationStatus.Failed, end.WorkflowStatus);
        Assert.Equal("ForeignAwait", end.FailureDetails.ErrorType);
        Assert.Contains("not a workflow task", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }
}
