using System.Globalization;
using System.Text.Json;
using Dapr.Workflow;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Tests.Worker.Replay;
using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>Sections B2, B3, B10, B11 and F of the contract: one turn, from a history to the answer.</summary>
public sealed class TurnTests
{
    [Fact]
    public async Task Input_Absent_IsNull()
    {
        await using var instance = await Instance.OfAsync<string?, string>("in-1", (_, input) => Task.FromResult(input is null ? "null" : "text"));
        Assert.Equal("\"null\"", Result(await instance.StartAsync()));
    }

    [Fact]
    public async Task Result_Null_IsTheEmptyString()
    {
        await using var instance = await Instance.OfAsync<string?, string?>("out-1", (_, _) => Task.FromResult<string?>(null));
        Assert.Equal("", Result(await instance.StartAsync()));
    }

    [Fact]
    public async Task Workflow_CalledInAnotherCase_IsFound()
    {
        await using var instance = await Instance.OfAsync<string?, string>("case-1", (context, _) => Task.FromResult(context.Name), name: "MyFlow");
        Assert.Equal("\"myFLOW\"", Result(await instance.StartAsync(name: "myFLOW")), ignoreCase: true);
    }

    [Fact]
    public async Task Workflow_Unknown_FailsByName()
    {
        await using var instance = await Instance.OfAsync<string?, string?>("unknown-1", (_, _) => Task.FromResult<string?>(null));
        var failure = Failure(await instance.StartAsync(name: "Nope"));
        Assert.Equal(("WorkflowNotFound", true), (failure.ErrorType, failure.IsNonRetriable));
        Assert.Equal("Workflow 'Nope' is not registered in this app.", failure.ErrorMessage);
    }

    [Fact]
    public async Task Workflow_Throwing_FailsWithTheOuterException()
    {
        await using var instance = await Instance.OfAsync<string?, string?>(
            "throws-1", (_, _) => throw new InvalidOperationException("outer", new ArgumentException("inner")));
        var failure = Failure(await instance.StartAsync());
        Assert.Equal(("System.InvalidOperationException", "outer", true), (failure.ErrorType, failure.ErrorMessage, failure.IsNonRetriable));
        Assert.Null(failure.InnerFailure);
        Assert.False(string.IsNullOrEmpty(failure.StackTrace));
    }

    [Fact]
    public async Task Activity_FailingUncaught_FailsTheWorkflowByTheExceptionsOwnType()
    {
        await using var instance = await Instance.OfAsync<string?, string>("uncaught-1", (context, _) => context.CallActivityAsync<string>("A"));
        await instance.StartAsync();
        var failure = Failure(await instance.NextAsync(Events.Failed(0, message: "broken")));
        Assert.Equal(("Dapr.Workflow.WorkflowTaskFailedException", "Task failed: broken"), (failure.ErrorType, failure.ErrorMessage));
    }

    [Fact]
    public async Task Failure_WithoutDetails_IsUnknown()
    {
        await using var instance = await Instance.OfAsync<string?, string>("child-1", async (context, _) =>
        {
            try
            {
                return await context.CallChildWorkflowAsync<string>("Kid");
            }
            catch (WorkflowTaskFailedException exception)
            {
                return $"{exception.Message}|{exception.FailureDetails.ErrorType}|{exception.FailureDetails.ErrorMessage}";
            }
        });
        await instance.StartAsync();
        Assert.Equal(
            "\"Child workflow \\u0027Kid\\u0027 failed|Exception|Unknown message\"", Result(await instance.NextAsync(Events.ChildFailed(0))));
    }

    [Fact]
    public async Task Completion_DeliveredTwice_TheFirstWins()
    {
        await using var instance = await Instance.OfAsync<string?, string>("twice-1", async (context, _) =>
        {
            var first = await context.CallActivityAsync<int>("A");
            var second = await context.CallActivityAsync<int>("A");
            return string.Create(CultureInfo.InvariantCulture, $"{first} {second}");
        });
        await instance.StartAsync();
        var next = Assert.Single((await instance.NextAsync(Events.Completed(0, "1"), Events.Completed(0, "2"))).Actions);
        Assert.Equal((1, "A"), (next.Id, next.ScheduleTask.Name));
        Assert.Equal("\"1 3\"", Result(await instance.NextAsync(Events.Completed(1, "3"))));
    }

    [Fact]
    public async Task Terminated_Last_EndsWithoutTheCode()
    {
        await using var instance = await Instance.OfAsync<string?, string>("ends-1", (context, _) => context.CallActivityAsync<string>("A"));
        await instance.StartAsync();
        var end = Assert.Single((await instance.NextAsync(Events.Terminated("\"bye\""))).Actions);
        Assert.Equal((0, OrchestrationStatus.Terminated), (end.Id, end.CompleteWorkflow.WorkflowStatus));
    }

    [Fact]
    public async Task Suspended_Last_AsksForNothing()
    {
        await using var instance = await Instance.OfAsync<string?, string>("held-1", async (context, _) =>
        {
            await context.CallActivityAsync<string>("A");
            return await context.CallActivityAsync<string>("B");
        });
        await instance.StartAsync();
        Assert.Empty((await instance.NextAsync(Events.Completed(0, "\"a\""), Events.Suspended())).Actions);
        var after = Assert.Single((await instance.NextAsync(Events.Resumed())).Actions);
        Assert.Equal((1, "B"), (after.Id, after.ScheduleTask.Name));
    }

    [Fact]
    public async Task Replaying_OnlyUntilTheNewEvents()
    {
        var seen = new List<bool>();
        await using var instance = await Instance.OfAsync<string?, string?>("replay-1", async (context, _) =>
        {
            seen.Add(context.IsReplaying);
            await context.CallActivityAsync("A");
            seen.Add(context.IsReplaying);
            await context.CallActivityAsync("B");
            seen.Add(context.IsReplaying);
            return null;
        });
        await instance.StartAsync();
        await instance.NextAsync(Events.Completed(0));
        await instance.NextAsync(Events.Completed(1));
        Assert.Equal([false, true, false, true, true, false], seen);
    }

    [Fact]
    public async Task Clock_IsTheTurnsTime()
    {
        var seen = new List<DateTime>();
        await using var instance = await Instance.OfAsync<string?, string?>("clock-1", async (context, _) =>
        {
            seen.Add(context.CurrentUtcDateTime);
            await context.CallActivityAsync("A");
            seen.Add(context.CurrentUtcDateTime);
            return null;
        });
        await instance.StartAsync();
        var first = instance.Now;
        await instance.NextAsync(Events.Completed(0));
        Assert.Equal([first, first, instance.Now], seen);
        Assert.All(seen, time => Assert.Equal(DateTimeKind.Utc, time.Kind));
    }

    [Fact]
    public async Task Actions_OfOneTurn_AreInOrderAndTheEndIsLast()
    {
        await using var instance = await Instance.OfAsync<string?, int>("order-1", (context, input) =>
        {
            _ = context.CallActivityAsync("A");
            _ = context.CreateTimer(TimeSpan.FromMinutes(1));
            _ = context.CallChildWorkflowAsync("Kid", null, new ChildWorkflowTaskOptions("kid"));
            return Task.FromResult(1);
        });
        var actions = (await instance.StartAsync()).Actions;
        Assert.Equal([0, 1, 2, 0], actions.Select(action => action.Id));
        Assert.Equal(
            [Kind.ScheduleTask, Kind.CreateTimer, Kind.CreateChildWorkflow, Kind.CompleteWorkflow],
            actions.Select(action => action.WorkflowActionTypeCase));
    }

    [Fact]
    public async Task Await_WithoutContext_GoesOnAllTheSame()
    {
        await using var instance = await Instance.OfAsync<string?, string>("context-free-1", async (context, _) =>
        {
            await context.CallActivityAsync("A").ConfigureAwait(false);
            await Task.WhenAll(context.CallActivityAsync("B"), context.CallActivityAsync("C")).ConfigureAwait(false);
            return "done";
        });
        await instance.StartAsync();
        Assert.Equal([1, 2], (await instance.NextAsync(Events.Completed(0))).Actions.Select(action => action.Id));
        Assert.Equal("\"done\"", Result(await instance.NextAsync(Events.Completed(2), Events.Completed(1))));
    }

    [Fact]
    public async Task ContinueAsNew_AfterACall_TakesTheNextId()
    {
        await using var instance = await Instance.OfAsync<int, int>("again-1", async (context, input) =>
        {
            await context.CallActivityAsync("A");
            context.ContinueAsNew(input + 1, preserveUnprocessedEvents: false);
            return 0;
        });
        await instance.StartAsync("1");
        var again = Assert.Single((await instance.NextAsync(Events.Completed(0), Events.Raised("x"))).Actions);
        Assert.Equal((1, OrchestrationStatus.ContinuedAsNew, "2"), (again.Id, again.CompleteWorkflow.WorkflowStatus, again.CompleteWorkflow.Result));
        Assert.Empty(again.CompleteWorkflow.CarryoverEvents);
    }

    [Fact]
    public async Task CustomStatus_SetToNullLater_IsSentNoMore()
    {
        await using var instance = await Instance.OfAsync<string?, string?>("status-1", async (context, _) =>
        {
            context.SetCustomStatus(new { step = 1 });
            await context.CallActivityAsync("A");
            context.SetCustomStatus(null);
            await context.CallActivityAsync("B");
            return null;
        });
        Assert.Equal("{\"step\":1}", (await instance.StartAsync()).CustomStatus);
        Assert.Null((await instance.NextAsync(Events.Completed(0))).CustomStatus);
    }

    [Fact]
    public async Task Patch_NotInTheHistory_IsOffForWhatHasPassedIt()
    {
        await using var instance = await Instance.OfAsync<string?, string>("patch-1", async (context, _) =>
        {
            var early = context.IsPatched("early");
            await context.CallActivityAsync("A");
            return $"{early} {context.IsPatched("late")}";
        });
        HistoryEvent[] past = instance.Stamp([Events.TurnStarted(), Events.Started("Wf", null, "patch-1"), Events.Scheduled(0, "A")]);
        var response = await instance.ReplayAsync(past, instance.Stamp([Events.TurnStarted(), Events.Completed(0)]));
        Assert.Equal("\"False True\"", Result(response));
        Assert.Equal(["late"], response.Version.Patches);
    }

    [Fact]
    public async Task Patch_InTheHistory_IsOnInEveryReplay()
    {
        await using var instance = await Instance.OfAsync<string?, string>("patch-2", async (context, _) =>
        {
            var early = context.IsPatched("early");
            await context.CallActivityAsync("A");
            return $"{early} {context.IsPatched("late")} {context.IsPatched("early")}";
        });
        Assert.Equal(["early"], (await instance.StartAsync()).Version.Patches);
        var response = await instance.NextAsync(Events.Completed(0));
        Assert.Equal("\"True True True\"", Result(response));

        // Once per question, as the official worker does: the sidecar compares the lists.
        Assert.Equal(["early", "late", "early"], response.Version.Patches);
    }

    [Fact]
    public async Task CrossApp_TargetGiven_IsRoutedFromTheOwnApp()
    {
        await using var instance = await Instance.OfAsync<string?, string?>("cross-1", async (context, _) =>
        {
            var activity = context.CallActivityAsync("A", null, new WorkflowTaskOptions(TargetAppId: "other"));
            var child = context.CallChildWorkflowAsync("Kid", null, new ChildWorkflowTaskOptions("kid", TargetAppId: "other"));
            await Task.WhenAll(activity, child, context.CallActivityAsync("Local"));
            return null;
        });
        var actions = (await instance.StartAsync()).Actions;
        Assert.All(actions.Take(2), action => Assert.Equal(("app", "other"), (action.Router.SourceAppID, action.Router.TargetAppID)));
        Assert.False(actions[2].Router?.HasTargetAppID ?? false);
    }

    [Fact]
    public async Task OptionalTimer_MissingInAnOldHistory_IsLeftOut()
    {
        await using var instance = await Instance.OfAsync<string?, string>("old-1", async (context, _) =>
        {
            var go = context.WaitForExternalEventAsync<string>("go", Timeout.InfiniteTimeSpan);
            var a = await context.CallActivityAsync<string>("A");
            await context.CreateTimer(TimeSpan.FromSeconds(1));
            return a + await go;
        });
        var past = instance.Stamp([Events.TurnStarted(), Events.Started("Wf", null, "old-1"), Events.Scheduled(0, "A")]);
        var response = await instance.ReplayAsync(past, instance.Stamp([Events.TurnStarted(), Events.Completed(0, "\"a\"")]));
        var timer = Assert.Single(response.Actions);
        Assert.Equal((1, Kind.CreateTimer), (timer.Id, timer.WorkflowActionTypeCase));
    }

    [Fact]
    public async Task OptionalTimer_BeforeATimerOfAnOldHistory_IsLeftOut()
    {
        await using var instance = await Instance.OfAsync<string?, string>("old-2", async (context, input) =>
        {
            _ = context.WaitForExternalEventAsync<string>("go", Timeout.InfiniteTimeSpan);
            await context.CreateTimer(TimeSpan.FromSeconds(9));
            return await context.CallActivityAsync<string>("A");
        });
        var created = new HistoryEvent
        {
            EventId = 0,
            TimerCreated = new TimerCreatedEvent { FireAt = Timestamp.FromDateTime(Instance.Epoch.AddSeconds(9)) },
        };
        var past = instance.Stamp([Events.TurnStarted(), Events.Started("Wf", null, "old-2"), created]);
        var response = await instance.ReplayAsync(past, instance.Stamp([Events.TurnStarted(), Events.Fired(0)]));
        Assert.Equal((1, "A"), (Assert.Single(response.Actions).Id, response.Actions[0].ScheduleTask.Name));
    }

    [Fact]
    public async Task Child_UnderAnotherDerivedId_IsTheSameCall()
    {
        await using var instance = await Instance.OfAsync<string?, string>("kid-1", (context, _) => context.CallChildWorkflowAsync<string>("Kid"));
        var created = new HistoryEvent
        {
            EventId = 0,
            ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent { Name = "Kid", InstanceId = "from-another-execution-id" },
        };
        var past = instance.Stamp([Events.TurnStarted(), Events.Started("Wf", null, "kid-1"), created]);
        var response = await instance.ReplayAsync(past, instance.Stamp([Events.TurnStarted(), Events.ChildCompleted(0, "\"grown up\"")]));
        Assert.Equal("\"grown up\"", Result(response));
    }

    [Fact]
    public async Task ContinueAsNew_ThenMore_IsInOrderAndTheEnd()
    {
        await using var instance = await Instance.OfAsync<string?, string>("again-2", async (context, input) =>
        {
            _ = context.CallActivityAsync("A");
            context.ContinueAsNew("next");
            _ = context.CallActivityAsync("B");
            await Task.CompletedTask;
            throw new InvalidOperationException("nobody sees this");
        });
        var actions = (await instance.StartAsync()).Actions;
        Assert.Equal([Kind.ScheduleTask, Kind.CompleteWorkflow, Kind.ScheduleTask], actions.Select(action => action.WorkflowActionTypeCase));
        Assert.Equal([0, 1, 2], actions.Select(action => action.Id));
    }

    [Fact]
    public async Task Result_OfAnotherShape_IsAnExceptionWhereItIsAwaited()
    {
        await using var instance = await Instance.OfAsync<string?, string>("shape-1", async (context, _) =>
        {
            try
            {
                return $"{await context.CallActivityAsync<int>("A")}";
            }
            catch (JsonException)
            {
                return "unreadable";
            }
        });
        await instance.StartAsync();
        Assert.Equal("\"unreadable\"", Result(await instance.NextAsync(Events.Completed(0, "\"text\""))));
    }

    private static string Result(WorkflowResponse response)
    {
        var end = response.Actions[^1].CompleteWorkflow;
        Assert.Equal(OrchestrationStatus.Completed, end.WorkflowStatus);
        return end.Result;
    }

    private static TaskFailureDetails Failure(WorkflowResponse response)
    {
        var end = Assert.Single(response.Actions).CompleteWorkflow;
        Assert.Equal(OrchestrationStatus.Failed, end.WorkflowStatus);
        return end.FailureDetails;
    }
}
