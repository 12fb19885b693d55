using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Workflows;

/// <summary>Section B12: what outlives workers and the sidecar, and for how long.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Worker_GoingAway_LeavesItsWorkToTheNext()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var first = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        var turn = await first.NextTurnAsync();
        first.Dispose();
        using var second = await sidecar.ConnectAsync();
        var again = await second.NextTurnAsync();
        Assert.Equal(turn.WorkflowRequest, again.WorkflowRequest);
        await second.AnswerAsync(again, Act.Activity(0));
        var activity = await second.NextActivityAsync();
        second.Dispose();
        using var third = await sidecar.ConnectAsync();
        Assert.Equal(activity.ActivityRequest, (await third.NextActivityAsync()).ActivityRequest);
    }

    [Fact]
    public async Task Activity_WhileItsStreamLives_IsNotDeliveredAgain()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
        var activity = await worker.NextActivityAsync();
        using var other = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("j");
        _ = sidecar.BeginAsync("k");
        await worker.NextTurnAsync();
        await other.NextTurnAsync();
        await worker.AnswerAsync(activity, "1");
        var next = await Task.WhenAny(worker.NextTurnAsync(), other.NextTurnAsync());
        Assert.NotNull((await next).WorkflowRequest.NewEvents[1].TaskCompleted);
    }

    [Fact]
    public async Task Everything_UnderWay_OutlivesARestart()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using (var worker = await sidecar.ConnectAsync())
        {
            _ = sidecar.BeginAsync("i", input: "\"in\"");
            var soon = TimeProvider.System.GetUtcNow().AddMilliseconds(50);
            await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0), Act.Timer(1, soon), Act.Child(2, "c"));
            await sidecar.Client().RaiseEventAsync(new RaiseEventRequest { InstanceId = "i", Name = "e" });
        }

        await sidecar.RestartAsync();
        using var next = await sidecar.ConnectAsync();
        var kinds = new HashSet<string>();
        while (!kinds.SetEquals(["activity", "child", "EventRaised", "TimerFired", "TaskCompleted"]))
        {
            var item = await next.NextAsync();
            if (item.ActivityRequest is not null)
            {
                kinds.Add("activity");
                await next.AnswerAsync(item, "1");
            }
            else if (item.WorkflowRequest.InstanceId == "c")
            {
                kinds.Add("child");
            }
            else
            {
                kinds.UnionWith(item.WorkflowRequest.NewEvents.Skip(1).Select(e => e.EventTypeCase.ToString()));
                await next.AnswerAsync(item);
            }
        }
    }

    [Fact]
    public async Task Retention_ForgetsEndedInstancesAlone()
    {
        var retention = new WorkflowRetention { Completed = TimeSpan.Zero };
        await using var sidecar = await TestSidecar.StartAsync(retention: retention);
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("failed");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete(status: OrchestrationStatus.Failed));
        _ = sidecar.BeginAsync("completed");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete());
        var client = sidecar.Client();
        while ((await client.GetInstanceAsync(new GetInstanceRequest { InstanceId = "completed" })).Exists)
        {
            TestSidecar.Cancellation.ThrowIfCancellationRequested();
        }

        Assert.Equal(OrchestrationStatus.Failed, await sidecar.StatusAsync("failed"));
    }

    [Fact]
    public async Task Retention_DueWhileTheSidecarWasStopped_IsCarriedOutAtTheStart()
    {
        var retention = new WorkflowRetention { AnyTerminal = TimeSpan.FromMilliseconds(300) };
        await using var sidecar = await TestSidecar.StartAsync(retention: retention);
        using (var worker = await sidecar.ConnectAsync())
        {
            _ = sidecar.BeginAsync("i");
            await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete());
            await sidecar.EndAsync("i");
        }

        await sidecar.RestartAsync(retention: retention);
        var client = sidecar.Client();
        while ((await client.GetInstanceAsync(new GetInstanceRequest { InstanceId = "i" })).Exists)
        {
            TestSidecar.Cancellation.ThrowIfCancellationRequested();
        }
    }
}
