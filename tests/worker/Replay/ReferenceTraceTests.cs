using Dapr.Workflow;
using Dapr.Workflow.Replay;
using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace MeshWorkflow.Tests.Worker.Replay;

/// <summary>What the official worker sent, call for call: its ids, its timers, its order.</summary>
public sealed class ReferenceTraceTests
{
    [Theory]
    [InlineData("CanWf-1", null, "5f07f713-ac6a-5a16-a216-62ee6f3ce7e7", "3e547d26-cddb-5825-bfdd-d46f314ac433")]
    [InlineData("ChildWf-1", null, "2d524e2b-4655-58c8-8735-07bce6ba1f40", "d53244aa-2010-54cb-860e-0b89f3090f06")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", null, "b6fe729f-6253-5b5a-be91-ebf8df402510", "d03e68e6-92e3-5302-b791-8f22771c09c0")]
    [InlineData("CanWf-1", "0f8fad5b-d9cb-469f-a165-70867728950e", "c030a6f9-86df-5651-b156-9905e44c5e9c", "d22e9f2c-2161-5bb7-9f77-4967e2ba46f6")]
    public void NewGuid_OfAnInstance_IsTheOfficialOne(string instanceId, string? executionId, string first, string second)
    {
        var ids = new DeterministicIds(instanceId, executionId);
        Assert.Equal(Guid.Parse(first), ids.NewGuid());
        Assert.Equal(Guid.Parse(second), ids.NewGuid());
    }

    [Theory]
    [InlineData("RetryWf-1", null, 0, "Boom", "43a1f18c7a275906a2117ee517b2a512")]
    [InlineData("RetryWf-1", null, 2, "Boom", "3bf0547c77d8561bac55ec76337237e6")]
    [InlineData("RetryWf-1", null, 4, "Boom", "44fa5bbaadf4513e9be33eb53781da42")]
    [InlineData("only-started-null-input", null, 0, "A", "622fd6973344561695e6a2ac6a95a3e7")]
    [InlineData("resume", null, 1, "B", "fdcfd5f6db8c5a9385d01df1c2f878ba")]
    [InlineData("RetryWf-1", "0f8fad5b-d9cb-469f-a165-70867728950e", 0, "Boom", "ba6cc840520d5e85ad47c847067db8a1")]
    public void TaskExecutionId_OfACall_IsTheOfficialOne(string instanceId, string? executionId, int id, string name, string expected) =>
        Assert.Equal(expected, new DeterministicIds(instanceId, executionId).TaskExecutionId(id, name));

    [Fact]
    public async Task Retry_FailingTwice_SendsTheOfficialActions()
    {
        var policy = new WorkflowRetryPolicy(5, TimeSpan.FromMilliseconds(200), 2);
        var turns = Turns.Of<string?, string?>(
            "RetryWf-1", (context, _) => context.CallActivityAsync<string?>("Boom", null, new WorkflowTaskOptions(policy)));

        var first = Assert.Single((await turns.StartAsync()).Actions);
        Assert.Equal((0, "Boom", ""), (first.Id, first.ScheduleTask.Name, first.ScheduleTask.Input));

        var pause = Assert.Single((await turns.NextAsync(Events.Failed(0))).Actions);
        Assert.Equal(1, pause.Id);
        Assert.Equal("43a1f18c7a275906a2117ee517b2a512", pause.CreateTimer.ActivityRetry.TaskExecutionId);
        Assert.Equal(TimeSpan.FromMilliseconds(200), pause.CreateTimer.FireAt.ToDateTime() - turns.Past[^3].Timestamp.ToDateTime());

        Assert.Equal(2, Assert.Single((await turns.NextAsync(Events.Fired(1))).Actions).Id);
        var second = Assert.Single((await turns.NextAsync(Events.Failed(2))).Actions);
        Assert.Equal((3, "43a1f18c7a275906a2117ee517b2a512"), (second.Id, second.CreateTimer.ActivityRetry.TaskExecutionId));
        Assert.Equal(TimeSpan.FromMilliseconds(400), second.CreateTimer.FireAt.ToDateTime() - turns.Past[^3].Timestamp.ToDateTime());

        var third = Assert.Single((await turns.NextAsync(Events.Fired(3))).Actions);
        Assert.Equal((4, "44fa5bbaadf4513e9be33eb53781da42"), (third.Id, third.ScheduleTask.TaskExecutionId));
        var done = Assert.Single((await turns.NextAsync(Events.Completed(4, "\"3\""))).Actions);
        Assert.Equal((0, OrchestrationStatus.Completed, "\"3\""), (done.Id, done.CompleteWorkflow.WorkflowStatus, done.CompleteWorkflow.Result));
    }

    [Fact]
    public async Task Events_WithAndWithoutTimeout_SendTheOfficialActions()
    {
        var turns = Turns.Of<string?, string>("EventWf-1", async (context, _) =>
        {
            var approved = await context.WaitForExternalEventAsync<int>("approve", Timeout.InfiniteTimeSpan);
            var never = "";
            try
            {
                await context.WaitForExternalEventAsync<int>("never", TimeSpan.FromMilliseconds(300));
            }
            catch (TaskCanceledException)
            {
                never = "timeout";
            }

            return $"{approved}{never}{await context.WaitForExternalEventAsync<string>("other")}";
        });

        var infinite = Assert.Single((await turns.StartAsync()).Actions);
        Assert.Equal((0, Events.Never, "approve"), (infinite.Id, infinite.CreateTimer.FireAt, infinite.CreateTimer.ExternalEvent.Name));
        var limited = Assert.Single((await turns.NextAsync(Events.Raised("APPROVE", "42"))).Actions);
        Assert.Equal((1, "never"), (limited.Id, limited.CreateTimer.ExternalEvent.Name));
        Assert.Empty((await turns.NextAsync(Events.Raised("other", "\"x\""))).Actions);
        var done = Assert.Single((await turns.NextAsync(Events.Fired(1))).Actions);
        Assert.Equal("\"42timeoutx\"", done.CompleteWorkflow.Result);
    }

    [Fact]
    public async Task ContinueAsNew_WithABufferedEvent_CarriesItOver()
    {
        var turns = Turns.Of<int, int>("CanWf-1", async (context, generation) =>
        {
            await context.WaitForExternalEventAsync<string>("go");
            if (generation < 2)
            {
                context.ContinueAsNew(generation + 1);
            }

            return generation;
        });

        Assert.Empty((await turns.StartAsync("1")).Actions);
        var carried = Events.Raised("go", "\"c\"");
        var again = Assert.Single((await turns.NextAsync(Events.Raised("go", "\"b\""), carried)).Actions);
        Assert.Equal(OrchestrationStatus.ContinuedAsNew, again.CompleteWorkflow.WorkflowStatus);
        Assert.Equal("2", again.CompleteWorkflow.Result);
        var kept = Assert.Single(again.CompleteWorkflow.CarryoverEvents);
        Assert.Equal((-1, carried.Timestamp, "\"c\""), (kept.EventId, kept.Timestamp, kept.EventRaised.Input));
    }

    [Fact]
    public async Task Children_OneFailing_SendTheOfficialIds()
    {
        var turns = Turns.Of<string?, string>("ChildWf-1", async (context, _) =>
        {
            var one = context.CallChildWorkflowAsync<int>("Kid", 1);
            var two = context.CallChildWorkflowAsync<int>("Kid", 2, new ChildWorkflowTaskOptions("kid-two"));
            var result = await one;
            try
            {
                await two;
                return "no failure";
            }
            catch (WorkflowTaskFailedException exception)
            {
                return $"{result} {exception.Message} {exception.FailureDetails.ErrorType}";
            }
        });

        var actions = (await turns.StartAsync()).Actions;
        Assert.Equal(["2d524e2b-4655-58c8-8735-07bce6ba1f40", "kid-two"], actions.Select(a => a.CreateChildWorkflow.InstanceId));
        Assert.Empty((await turns.NextAsync(Events.ChildCompleted(0, "10"))).Actions);
        var failure = new TaskFailureDetails { ErrorType = "System.ArgumentException", ErrorMessage = "bad" };
        var done = Assert.Single((await turns.NextAsync(Events.ChildFailed(1, failure))).Actions);
        Assert.Equal("\"10 Child workflow \\u0027Kid\\u0027 failed System.ArgumentException\"", done.CompleteWorkflow.Result);
    }

    [Fact]
    public async Task Misc_PatchSendEventStatusTimer_RepeatsStatusAndVersionEachTurn()
    {
        var turns = Turns.Of<string?, string?>("MiscWf-1", async (context, _) =>
        {
            Assert.True(context.IsPatched("p1"));
            context.SendEvent("nobody", "evt", new { a = 1 });
            context.SetCustomStatus("cs");
            await context.CreateTimer(TimeSpan.FromSeconds(1));
            await Task.WhenAny(context.CreateTimer(TimeSpan.FromSeconds(1)), context.WaitForExternalEventAsync<int>("x"));
            return null;
        });

        foreach (var (fired, kinds) in new (int?, Kind[])[]
        {
            (null, [Kind.SendEvent, Kind.CreateTimer]), (1, [Kind.CreateTimer]), (2, [Kind.CompleteWorkflow]),
        })
        {
            var response = fired is { } id ? await turns.NextAsync(Events.Fired(id)) : await turns.StartAsync();
            Assert.Equal(kinds, response.Actions.Select(a => a.WorkflowActionTypeCase));
            Assert.Equal("\"cs\"", response.CustomStatus);
            Assert.Equal(["p1"], response.Version.Patches);
            Assert.Equal("Wf", response.Version.Name);
        }
    }
}
