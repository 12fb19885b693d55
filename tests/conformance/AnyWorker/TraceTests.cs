using Dapr.Workflow;
using MeshWorkflow.Tests.Worker.Replay;
using MeshWorkflow.WorkflowContracts;
using Kind = MeshWorkflow.WorkflowContracts.WorkflowAction.WorkflowActionTypeOneofCase;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>Section G of the contract: what the official worker sent, call for call.</summary>
public sealed class TraceTests
{
    [Theory]
    [InlineData("CanWf-1", null, "5f07f713-ac6a-5a16-a216-62ee6f3ce7e7", "3e547d26-cddb-5825-bfdd-d46f314ac433")]
    [InlineData("ChildWf-1", null, "2d524e2b-4655-58c8-8735-07bce6ba1f40", "d53244aa-2010-54cb-860e-0b89f3090f06")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", null, "b6fe729f-6253-5b5a-be91-ebf8df402510", "d03e68e6-92e3-5302-b791-8f22771c09c0")]
    [InlineData("CanWf-1", "0f8fad5b-d9cb-469f-a165-70867728950e", "c030a6f9-86df-5651-b156-9905e44c5e9c", "d22e9f2c-2161-5bb7-9f77-4967e2ba46f6")]
    public async Task NewGuid_OfAnInstance_IsTheReferenceOne(string instanceId, string? executionId, string first, string second)
    {
        await using var instance = await Instance.OfAsync<string?, string>(
            instanceId, (context, _) => Task.FromResult($"{context.NewGuid()} {context.NewGuid()}"), executionId: executionId);
        var done = Assert.Single((await instance.StartAsync()).Actions);
        Assert.Equal($"\"{first} {second}\"", done.CompleteWorkflow.Result);
    }

    [Theory]
    [InlineData("RetryWf-1", null, 0, "Boom", "43a1f18c7a275906a2117ee517b2a512")]
    [InlineData("RetryWf-1", null, 2, "Boom", "3bf0547c77d8561bac55ec76337237e6")]
    [InlineData("RetryWf-1", null, 4, "Boom", "44fa5bbaadf4513e9be33eb53781da42")]
    [InlineData("only-started-null-input", null, 0, "A", "622fd6973344561695e6a2ac6a95a3e7")]
    [InlineData("resume", null, 1, "B", "fdcfd5f6db8c5a9385d01df1c2f878ba")]
    [InlineData("RetryWf-1", "0f8fad5b-d9cb-469f-a165-70867728950e", 0, "Boom", "ba6cc840520d5e85ad47c847067db8a1")]
    public async Task TaskExecutionId_OfACall_IsTheReferenceOne(string instanceId, string? executionId, int id, string name, string expected)
    {
        await using var instance = await Instance.OfAsync<string?, string?>(
            instanceId,
            async (context, _) =>
            {
                var before = Enumerable.Range(0, id).Select(_ => context.CallActivityAsync("Before")).ToList();
                await context.CallActivityAsync(name);
                await Task.WhenAll(before);
                return null;
            },
            executionId: executionId);
        var call = (await instance.StartAsync()).Actions[^1];
        Assert.Equal((id, name, expected), (call.Id, call.ScheduleTask.Name, call.ScheduleTask.TaskExecutionId));
    }

    [Fact]
    public async Task Retry_FailingTwice_SendsTheReferenceActions()
    {
        var policy = new WorkflowRetryPolicy(5, TimeSpan.FromMilliseconds(200), 2);
        await using var instance = await Instance.OfAsync<string?, string?>(
            "RetryWf-1", (context, _) => context.CallActivityAsync<string?>("Boom", null, new WorkflowTaskOptions(policy)));

        var first = Assert.Single((await instance.StartAsync()).Actions);
        Assert.Equal((0, "Boom", ""), (first.Id, first.ScheduleTask.Name, first.ScheduleTask.Input));

        var pause = Assert.Single((await instance.NextAsync(Events.Failed(0))).Actions);
        Assert.Equal(1, pause.Id);
        Assert.Equal("43a1f18c7a275906a2117ee517b2a512", pause.CreateTimer.ActivityRetry.TaskExecutionId);
        Assert.Equal(TimeSpan.FromMilliseconds(200), pause.CreateTimer.FireAt.ToDateTime() - instance.Now);

        Assert.Equal(2, Assert.Single((await instance.NextAsync(Events.Fired(1))).Actions).Id);
        var second = Assert.Single((await instance.NextAsync(Events.Failed(2))).Actions);
        Assert.Equal((3, "43a1f18c7a275906a2117ee517b2a512"), (second.Id, second.CreateTimer.ActivityRetry.TaskExecutionId));
        Assert.Equal(TimeSpan.FromMilliseconds(400), second.CreateTimer.FireAt.ToDateTime() - instance.Now);

        var third = Assert.Single((await instance.NextAsync(Events.Fired(3))).Actions);
        Assert.Equal((4, "44fa5bbaadf4513e9be33eb53781da42"), (third.Id, third.ScheduleTask.TaskExecutionId));
        var done = Assert.Single((await instance.NextAsync(Events.Completed(4, "\"3\""))).Actions);
        Assert.Equal((0, OrchestrationStatus.Completed, "\"3\""), (done.Id, done.CompleteWorkflow.WorkflowStatus, done.CompleteWorkflow.Result));
    }

    [Fact]
    public async Task Events_WithAndWithoutTimeout_SendTheReferenceActions()
    {
        await using var instance = await Instance.OfAsync<string?, string>("EventWf-1", async (context, _) =>
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

        var infinite = Assert.Single((await instance.StartAsync()).Actions);
        Assert.Equal((0, Events.Never, "approve"), (infinite.Id, infinite.CreateTimer.FireAt, infinite.CreateTimer.ExternalEvent.Name));
        var limited = Assert.Single((await instance.NextAsync(Events.Raised("APPROVE", "42"))).Actions);
        Assert.Equal((1, "never"), (limited.Id, limited.CreateTimer.ExternalEvent.Name));
        Assert.Empty((await instance.NextAsync(Events.Raised("other", "\"x\""))).Actions);
        var done = Assert.Single((await instance.NextAsync(Events.Fired(1))).Actions);
        Assert.Equal("\"42timeoutx\"", done.CompleteWorkflow.Result);
    }

    [Fact]
    public async Task ContinueAsNew_WithABufferedEvent_CarriesItOver()
    {
        await using var instance = await Instance.OfAsync<int, int>("CanWf-1", async (context, generation) =>
        {
            await context.WaitForExternalEventAsync<string>("go");
            if (generation < 2)
            {
                context.ContinueAsNew(generation + 1);
            }

            return generation;
        });

        Assert.Empty((await instance.StartAsync("1")).Actions);
        var carried = Events.Raised("go", "\"c\"");
        var again = Assert.Single((await instance.NextAsync(Events.Raised("go", "\"b\""), carried)).Actions);
        Assert.Equal((0, OrchestrationStatus.ContinuedAsNew), (again.Id, again.CompleteWorkflow.WorkflowStatus));
        Assert.Equal("2", again.CompleteWorkflow.Result);
        var kept = Assert.Single(again.CompleteWorkflow.CarryoverEvents);
        Assert.Equal((-1, carried.Timestamp, "\"c\""), (kept.EventId, kept.Timestamp, kept.EventRaised.Input));
    }

    [Fact]
    public async Task Children_OneFailing_SendTheReferenceIds()
    {
        await using var instance = await Instance.OfAsync<string?, string>("ChildWf-1", async (context, _) =>
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

        var actions = (await instance.StartAsync()).Actions;
        Assert.Equal(["2d524e2b-4655-58c8-8735-07bce6ba1f40", "kid-two"], actions.Select(a => a.CreateChildWorkflow.InstanceId));
        Assert.Empty((await instance.NextAsync(Events.ChildCompleted(0, "10"))).Actions);
        var failure = new TaskFailureDetails { ErrorType = "System.ArgumentException", ErrorMessage = "bad" };
        var done = Assert.Single((await instance.NextAsync(Events.ChildFailed(1, failure))).Actions);
        Assert.Equal("\"10 Child workflow \\u0027Kid\\u0027 failed System.ArgumentException\"", done.CompleteWorkflow.Result);
    }

    [Fact]
    public async Task Misc_PatchSendEventStatusTimer_RepeatsStatusAndVersionEachTurn()
    {
        await using var instance = await Instance.OfAsync<string?, string?>("MiscWf-1", async (context, input) =>
        {
            _ = context.IsPatched("p1");
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
            var response = fired is { } id ? await instance.NextAsync(Events.Fired(id)) : await instance.StartAsync();
            Assert.Equal(kinds, response.Actions.Select(a => a.WorkflowActionTypeCase));
            Assert.Equal("\"cs\"", response.CustomStatus);
            Assert.Equal(["p1"], response.Version.Patches);
            Assert.Equal("Wf", response.Version.Name);
        }

        var sent = instance.Past.Single(e => e.EventSent is not null);
        Assert.Equal((0, "nobody", "evt"), (sent.EventId, sent.EventSent.InstanceId, sent.EventSent.Name));
    }
}
