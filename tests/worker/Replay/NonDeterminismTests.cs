using Dapr.Workflow;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Worker.Replay;

/// <summary>Code that no longer does what its history says fails the instance, with both in the message.</summary>
public sealed class NonDeterminismTests
{
    [Fact]
    public async Task Activity_OfAnotherName_FailsWithBothNames()
    {
        var failure = await ReplayAsync(
            (context, _) => context.CallActivityAsync<string>("Charge"), [Events.Scheduled(0, "Refund")], Events.Completed(0));
        Assert.Contains("activity 'Refund' at number 0", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("calls activity 'Charge'", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OfAnotherKind_FailsWithBothKinds()
    {
        var failure = await ReplayAsync(
            async (context, _) =>
            {
                await context.CreateTimer(TimeSpan.FromMinutes(1));
                return "";
            },
            [Events.Scheduled(0, "A")],
            Events.Completed(0));
        Assert.Contains("activity 'A'", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("calls timer", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Child_OfAnotherChosenId_FailsWithBothIds()
    {
        var failure = await ReplayAsync(
            (context, _) => context.CallChildWorkflowAsync<string>("Kid", null, new ChildWorkflowTaskOptions("new-id")),
            [Created("Kid", "old-id")],
            Events.ChildCompleted(0));
        Assert.Contains("old-id", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("new-id", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Child_OfAnotherName_Fails()
    {
        var failure = await ReplayAsync(
            (context, _) => context.CallChildWorkflowAsync<string>("Kid", null, new ChildWorkflowTaskOptions("id")),
            [Created("Cub", "id")],
            Events.ChildCompleted(0));
        Assert.Contains("'Cub'", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'Kid'", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ThatTheCodeNoLongerMakes_Fails()
    {
        var failure = await ReplayAsync(
            (context, _) => context.CallActivityAsync<string>("A"),
            [Events.Scheduled(0, "A"), Events.Scheduled(1, "Extra"), Events.Completed(0)],
            Events.Completed(1));
        Assert.Contains("activity 'Extra' at number 1, but the code makes no call there", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_OfAnotherKind_FailsEvenIfTheCodeCatchesEverything()
    {
        var failure = await ReplayAsync(
            async (context, _) =>
            {
                try
                {
                    await context.CallActivityAsync("A");
                    return await context.CallActivityAsync<string>("B");
                }
                catch (Exception)
                {
                    return "caught";
                }
            },
            [Events.Scheduled(0, "A"), Events.Fired(1)],
            Events.Completed(0));
        Assert.Contains("ends timer number 1", failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Child_InARerun_MayHaveAnotherId()
    {
        var copied = Created("Kid", "rerun:0000");
        copied.ChildWorkflowInstanceCreated.RerunParentInstanceInfo = new RerunParentInstanceInfo { InstanceID = "first" };
        var response = await RespondAsync(
            (context, _) => context.CallChildWorkflowAsync<string>("Kid", null, new ChildWorkflowTaskOptions("chosen")),
            [copied],
            Events.ChildCompleted(0, "\"again\""));
        Assert.Equal("\"again\"", Assert.Single(response.Actions).CompleteWorkflow.Result);
    }

    [Fact]
    public async Task Failure_OfAPatchedInstance_KeepsItsPatches()
    {
        // Without them the sidecar would hold the instance as stalled, and nobody would see why.
        var turns = Turns.Of<string?, string>("patched", (context, _) => context.CallActivityAsync<string>("B"));
        var version = new WorkflowVersion { Name = "Wf", Patches = { "p" } };
        var response = await turns.ReplayAsync(
            turns.Stamp([Events.TurnStarted(version), Events.Started("Wf", null, "patched"), Events.Scheduled(0, "A")]),
            turns.Stamp([Events.TurnStarted(), Events.Completed(0)]));
        Assert.Equal("NonDeterminismDetected", Assert.Single(response.Actions).CompleteWorkflow.FailureDetails.ErrorType);
        Assert.Equal(["p"], response.Version.Patches);
    }

    private static async Task<TaskFailureDetails> ReplayAsync(
        Func<WorkflowContext, string?, Task<string>> code, HistoryEvent[] past, HistoryEvent fresh)
    {
        var end = Assert.Single((await RespondAsync(code, past, fresh)).Actions).CompleteWorkflow;
        Assert.Equal(OrchestrationStatus.Failed, end.WorkflowStatus);
        Assert.Equal(("NonDeterminismDetected", true), (end.FailureDetails.ErrorType, end.FailureDetails.IsNonRetriable));
        return end.FailureDetails;
    }

    private static Task<WorkflowResponse> RespondAsync(
        Func<WorkflowContext, string?, Task<string>> code, HistoryEvent[] past, HistoryEvent fresh)
    {
        var turns = Turns.Of("changed", code);
        return turns.ReplayAsync(
            turns.Stamp([Events.TurnStarted(), Events.Started("Wf", null, "changed"), .. past]), turns.Stamp([Events.TurnStarted(), fresh]));
    }

    private static HistoryEvent Created(string name, string id) => new()
    {
        EventId = 0,
        ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent { Name = name, InstanceId = id },
    };
}
