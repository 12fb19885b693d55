using Dapr.Workflow;
using MeshWorkflow.Tests.Worker.Replay;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>Sections B4 to B7 of the contract: timers, events, combinators and retries.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task Timer_Cancelled_IsCancelledHereOnly()
    {
        await using var instance = await Instance.OfAsync<string?, string>("timer-1", async (context, _) =>
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
            await context.CallActivityAsync("A");
            stop.Cancel();
            try
            {
                await timer;
                return "fired";
            }
            catch (TaskCanceledException)
            {
                return timer.IsCanceled ? "cancelled" : "faulted";
            }
        });
        await instance.StartAsync();
        Assert.Equal("\"cancelled\"", Result(await instance.NextAsync(Events.Completed(1))));
    }

    [Fact]
    public async Task Timer_OfATime_FiresThen()
    {
        await using var instance = await Instance.OfAsync<string?, string?>("timer-2", async (context, _) =>
        {
            await context.CreateTimer(Instance.Epoch.AddDays(9), CancellationToken.None);
            return null;
        });
        var timer = Assert.Single((await instance.StartAsync()).Actions).CreateTimer;
        Assert.Equal(Instance.Epoch.AddDays(9), timer.FireAt.ToDateTime());
        Assert.NotNull(timer.CreateTimer);
    }

    [Fact]
    public async Task Events_ForOneName_AreReceivedFirstComeFirstServed()
    {
        await using var instance = await Instance.OfAsync<string?, string>("event-1", async (context, _) =>
        {
            var first = context.WaitForExternalEventAsync<string>("go");
            var second = context.WaitForExternalEventAsync<string>("GO");
            return await second + await first + await context.WaitForExternalEventAsync<string>("Go");
        });
        await instance.StartAsync();
        Assert.Equal("\"bac\"", Result(await instance.NextAsync(
            Events.Raised("go", "\"a\""), Events.Raised("gO", "\"b\""), Events.Raised("go", "\"c\""))));
    }

    [Fact]
    public async Task EventWait_Cancelled_LeavesTheEventToTheNext()
    {
        await using var instance = await Instance.OfAsync<string?, string>("event-2", async (context, _) =>
        {
            using var stop = new CancellationTokenSource();
            var first = context.WaitForExternalEventAsync<string>("go", stop.Token);
            var second = context.WaitForExternalEventAsync<string>("go");
            stop.Cancel();
            return $"{first.IsCanceled} {await second}";
        });
        await instance.StartAsync();
        Assert.Equal("\"True x\"", Result(await instance.NextAsync(Events.Raised("go", "\"x\""))));
    }

    [Fact]
    public async Task EventWait_OfNoTime_IsOverEvenIfTheEventIsThere()
    {
        await using var instance = await Instance.OfAsync<string?, string>("event-3", async (context, _) =>
        {
            await context.CallActivityAsync("A");
            var now = context.WaitForExternalEventAsync<string>("go", TimeSpan.Zero);
            try
            {
                await now;
            }
            catch (TaskCanceledException)
            {
                return $"{now.IsCanceled} {await context.WaitForExternalEventAsync<string>("go")}";
            }

            return "received";
        });
        await instance.StartAsync();
        Assert.Equal("\"True x\"", Result(await instance.NextAsync(Events.Raised("go", "\"x\""), Events.Completed(0))));
    }

    [Fact]
    public async Task EventWait_WithTimeoutAndTheEventThere_StillMakesTheTimer()
    {
        await using var instance = await Instance.OfAsync<string?, string>("event-4", async (context, _) =>
        {
            await context.CallActivityAsync("A");
            var value = await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMinutes(1));
            await context.CallActivityAsync("B");
            return value;
        });
        await instance.StartAsync();
        var actions = (await instance.NextAsync(Events.Raised("go", "\"x\""), Events.Completed(0))).Actions;
        Assert.Equal([1, 2], actions.Select(action => action.Id));
        Assert.Equal(("go", "B"), (actions[0].CreateTimer.ExternalEvent.Name, actions[1].ScheduleTask.Name));
    }

    [Fact]
    public async Task EventWait_TimerAndEventTogether_TheFirstCounts()
    {
        await using var instance = await Instance.OfAsync<string?, string>("event-5", async (context, _) =>
        {
            try
            {
                return await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMinutes(1));
            }
            catch (TaskCanceledException)
            {
                return "timeout, then " + await context.WaitForExternalEventAsync<string>("go");
            }
        });
        await instance.StartAsync();
        Assert.Equal("\"timeout, then x\"", Result(await instance.NextAsync(Events.Fired(0), Events.Raised("go", "\"x\""))));
    }

    [Fact]
    public async Task Event_WithoutPayload_IsTheDefault()
    {
        await using var instance = await Instance.OfAsync<string?, string>(
            "event-6", async (context, _) => $"{await context.WaitForExternalEventAsync<int>("go")} {await context.WaitForExternalEventAsync<string?>("go") ?? "null"}");
        await instance.StartAsync();
        Assert.Equal("\"0 null\"", Result(await instance.NextAsync(Events.Raised("go", ""), Events.Raised("go"))));
    }

    [Fact]
    public async Task WhenAll_TwoFailing_ThrowsTheFirst()
    {
        await using var instance = await Instance.OfAsync<string?, string>("all-1", async (context, _) =>
        {
            try
            {
                await Task.WhenAll(context.CallActivityAsync("A"), context.CallActivityAsync("B"), context.CallActivityAsync("C"));
                return "no failure";
            }
            catch (WorkflowTaskFailedException exception)
            {
                return exception.FailureDetails.ErrorMessage;
            }
        });
        await instance.StartAsync();
        Assert.Equal("\"b\"", Result(await instance.NextAsync(Events.Failed(1, message: "b"), Events.Completed(2), Events.Failed(0, message: "a"))));
    }

    [Fact]
    public async Task ProcessInParallel_MoreThanTheCeiling_StartsTheRestOneByOne()
    {
        await using var instance = await Instance.OfAsync<string?, string>("parallel-1", async (context, _) => string.Join(
            ',', await context.ProcessInParallelAsync(Enumerable.Range(0, 4), i => context.CallActivityAsync<int>("A", i), maxConcurrency: 2)));
        Assert.Equal([0, 1], (await instance.StartAsync()).Actions.Select(action => action.Id));
        Assert.Equal([2], (await instance.NextAsync(Events.Completed(1, "11"))).Actions.Select(action => action.Id));
        Assert.Equal([3], (await instance.NextAsync(Events.Completed(2, "12"))).Actions.Select(action => action.Id));
        Assert.Equal("\"10,11,12,13\"", Result(await instance.NextAsync(Events.Completed(3, "13"), Events.Completed(0, "10"))));
    }

    [Fact]
    public async Task ProcessInParallel_SomeFailing_NamesThemAfterAllHaveEnded()
    {
        await using var instance = await Instance.OfAsync<string?, string>("parallel-2", async (context, _) =>
        {
            try
            {
                await context.ProcessInParallelAsync(Enumerable.Range(0, 3), i => context.CallActivityAsync<int>("A", i));
                return "no failure";
            }
            catch (AggregateException exception)
            {
                return $"{exception.InnerExceptions.Count}: {exception.Message.Split('(')[0].Trim()}";
            }
        });
        await instance.StartAsync();
        Assert.Empty((await instance.NextAsync(Events.Failed(0), Events.Failed(1))).Actions);
        Assert.Equal("\"2: 2 out of 3 tasks failed\"", Result(await instance.NextAsync(Events.Completed(2, "1"))));
    }

    [Theory]
    [InlineData(3, 1.0, null, null, "1000,1000")]
    [InlineData(4, 2.0, null, null, "1000,2000,4000")]
    [InlineData(4, 3.0, 2500, null, "1000,2500,2500")]
    [InlineData(1, 2.0, null, null, "")]
    [InlineData(9, 1.0, null, 10_000, "1000,1000")]
    public async Task Retry_ByPolicy_PausesAndStops(int attempts, double coefficient, int? longest, int? timeout, string expected)
    {
        var policy = new WorkflowRetryPolicy(
            attempts,
            TimeSpan.FromSeconds(1),
            coefficient,
            longest is { } max ? TimeSpan.FromMilliseconds(max) : null,
            timeout is { } all ? TimeSpan.FromMilliseconds(all) : null);
        await using var instance = await Instance.OfAsync<string?, string?>(
            "retry-1", (context, _) => context.CallActivityAsync<string?>("A", null, new WorkflowTaskOptions(policy)));
        await instance.StartAsync();
        var pauses = new List<double>();
        for (var id = 0; ; id += 2)
        {
            var next = Assert.Single((await instance.NextAsync(Events.Failed(id))).Actions);
            if (next.CreateTimer is not { } timer)
            {
                Assert.Equal("Dapr.Workflow.WorkflowTaskFailedException", next.CompleteWorkflow.FailureDetails.ErrorType);
                break;
            }

            pauses.Add((timer.FireAt.ToDateTime() - instance.Now).TotalMilliseconds);
            await instance.NextAsync(Events.Fired(id + 1));
        }

        Assert.Equal(expected, string.Join(',', pauses));
    }

    [Fact]
    public async Task ChildRetry_WithoutAnId_MakesANewOneEachTime()
    {
        var policy = new WorkflowRetryPolicy(2, TimeSpan.FromSeconds(1));
        await using var instance = await Instance.OfAsync<string?, string?>(
            "ChildWf-1", (context, _) => context.CallChildWorkflowAsync<string?>("Kid", null, new ChildWorkflowTaskOptions(RetryPolicy: policy)));
        // The first id goes to the pauses, each attempt has one of its own: as observed of the official worker.
        Assert.Equal(
            "d53244aa-2010-54cb-860e-0b89f3090f06", Assert.Single((await instance.StartAsync()).Actions).CreateChildWorkflow.InstanceId);
        var pause = Assert.Single((await instance.NextAsync(Events.ChildFailed(0))).Actions);
        Assert.Equal("2d524e2b-4655-58c8-8735-07bce6ba1f40", pause.CreateTimer.ChildWorkflowRetry.InstanceId);
        Assert.Equal(
            "1cf28914-13a4-5ce5-937d-a4c5503b4860",
            Assert.Single((await instance.NextAsync(Events.Fired(1))).Actions).CreateChildWorkflow.InstanceId);
    }

    [Fact]
    public async Task ChildRetry_WithAnId_KeepsIt()
    {
        var policy = new WorkflowRetryPolicy(2, TimeSpan.FromSeconds(1));
        await using var instance = await Instance.OfAsync<string?, string?>(
            "ChildWf-2", (context, _) => context.CallChildWorkflowAsync<string?>("Kid", null, new ChildWorkflowTaskOptions("kid", policy)));
        await instance.StartAsync();
        var pause = Assert.Single((await instance.NextAsync(Events.ChildFailed(0))).Actions);
        Assert.Equal("kid", pause.CreateTimer.ChildWorkflowRetry.InstanceId);
        Assert.Equal("kid", Assert.Single((await instance.NextAsync(Events.Fired(1))).Actions).CreateChildWorkflow.InstanceId);
    }

    [Fact]
    public async Task Retry_OfAFailureThatCallsItselfFinal_IsMadeAllTheSame()
    {
        var policy = new WorkflowRetryPolicy(2, TimeSpan.FromSeconds(1));
        await using var instance = await Instance.OfAsync<string?, string?>(
            "retry-2", (context, _) => context.CallActivityAsync<string?>("A", null, new WorkflowTaskOptions(policy)));
        await instance.StartAsync();
        var failed = Events.Failed(0);
        failed.TaskFailed.FailureDetails.IsNonRetriable = true;
        Assert.NotNull(Assert.Single((await instance.NextAsync(failed)).Actions).CreateTimer);
    }

    private static string Result(WorkflowContracts.WorkflowResponse response) => Assert.Single(
        response.Actions, action => action.CompleteWorkflow is not null).CompleteWorkflow.Result;
}
