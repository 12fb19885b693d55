using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Worker.Replay;

/// <summary>Where this worker does better than the official one: suspension holds everything back, a termination's output is the result.</summary>
public sealed class SteeringTests
{
    [Fact]
    public async Task Suspended_ThenCompletions_HoldsThemUntilResumed()
    {
        var turns = TwoActivities();
        await turns.StartAsync();
        Assert.Empty((await turns.NextAsync(Events.Suspended(), Events.Completed(0, "\"a\""))).Actions);
        Assert.Empty((await turns.NextAsync(Events.Raised("anything"))).Actions);
        var next = Assert.Single((await turns.NextAsync(Events.Resumed())).Actions);
        Assert.Equal((1, "B"), (next.Id, next.ScheduleTask.Name));
        Assert.Equal("\"ab\"", Assert.Single((await turns.NextAsync(Events.Completed(1, "\"b\""))).Actions).CompleteWorkflow.Result);
    }

    [Fact]
    public async Task Suspended_AfterACompletionInTheSameTurn_AsksForNothingYet()
    {
        var turns = TwoActivities();
        await turns.StartAsync();
        var held = await turns.NextAsync(Events.Completed(0, "\"a\""), Events.Suspended());
        Assert.Empty(held.Actions);
        Assert.Equal("\"after A\"", held.CustomStatus);
        Assert.Equal("B", Assert.Single((await turns.NextAsync(Events.Resumed())).Actions).ScheduleTask.Name);
    }

    [Fact]
    public async Task Suspended_ReplayedAfterwards_LeadsToTheSame()
    {
        var turns = TwoActivities();
        await turns.StartAsync();
        await turns.NextAsync(Events.Suspended(), Events.Completed(0, "\"a\""), Events.Resumed());
        Assert.Equal("\"ab\"", Assert.Single((await turns.NextAsync(Events.Completed(1, "\"b\""))).Actions).CompleteWorkflow.Result);
    }

    [Fact]
    public async Task Suspended_ThenTerminated_Ends()
    {
        var turns = TwoActivities();
        await turns.StartAsync();
        await turns.NextAsync(Events.Suspended());
        var end = Assert.Single((await turns.NextAsync(Events.Terminated("\"bye\""))).Actions).CompleteWorkflow;
        Assert.Equal((OrchestrationStatus.Terminated, "\"bye\""), (end.WorkflowStatus, end.Result));
    }

    [Fact]
    public async Task Terminated_NotLast_EndsAllTheSame()
    {
        var turns = TwoActivities();
        await turns.StartAsync();
        var end = Assert.Single((await turns.NextAsync(Events.Terminated("\"bye\""), Events.Completed(0, "\"a\""))).Actions);
        Assert.Equal((0, OrchestrationStatus.Terminated, "\"bye\""), (end.Id, end.CompleteWorkflow.WorkflowStatus, end.CompleteWorkflow.Result));
    }

    private static Turns TwoActivities() => Turns.Of<string?, string>("held", async (context, _) =>
    {
        var a = await context.CallActivityAsync<string>("A");
        context.SetCustomStatus("after A");
        return a + await context.CallActivityAsync<string>("B");
    });
}
