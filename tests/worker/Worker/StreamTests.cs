using MeshWorkflow.Tests.Conformance.AnyWorker;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MeshWorkflow.Tests.Worker.Worker;

/// <summary>Where this worker's stream does better than the official one's: draining, pauses that grow, and a clock of the test's.</summary>
public sealed class StreamTests
{
    [Fact]
    public async Task Stop_WithAnActivityUnderWay_AnswersItFirst()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await WorkerUnderTest.StartAsync(options => options.RegisterActivity<int, int>("Hold", async (_, value) =>
        {
            begun.TrySetResult();
            await held.Task;
            return value;
        }));
        var answer = worker.Sidecar.AskAsync(Hold("first"));
        await begun.Task;

        var stopping = Stream(worker).StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        held.SetResult();
        await stopping;
        Assert.Equal("1", (await answer).Result);
        Assert.Equal(1, worker.Sidecar.Streams);
    }

    [Fact]
    public async Task Stop_WithNoMoreTime_LeavesTheRestToBeDeliveredAgain()
    {
        var log = new RecordedLog();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await WorkerUnderTest.StartAsync(
            options => options.RegisterActivity<int, int>("Hold", async (_, value) =>
            {
                begun.TrySetResult();
                await held.Task;
                return value;
            }),
            services => services.AddSingleton<ILoggerFactory>(log));
        var answer = worker.Sidecar.AskAsync(Hold("first"));
        await begun.Task;
        await Stream(worker).StopAsync(new CancellationToken(canceled: true));
        Assert.False(answer.IsCompleted);
        Assert.Contains(log.Lines, line => line.Contains("cut short with 1 ", StringComparison.Ordinal));
        held.SetResult();
        await answer;
    }

    [Fact]
    public async Task Stream_Open_SaysHelloEveryHalfMinute()
    {
        var time = new AwaitedTime();
        await using var worker = await WorkerUnderTest.StartAsync(_ => { }, services => services.AddSingleton<TimeProvider>(time));
        await time.Ticking.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(29));
        time.Advance(TimeSpan.FromSeconds(1));
        await worker.Sidecar.GreetedAsync(1);
        time.Advance(TimeSpan.FromSeconds(30));
        await worker.Sidecar.GreetedAsync(2);
    }

    [Fact]
    public async Task Stream_RefusedAgainAndAgain_IsTriedEverMoreSeldom()
    {
        var time = new HurriedTime();
        await using var worker = await WorkerUnderTest.StartAsync(
            _ => { }, services => services.AddSingleton<TimeProvider>(time), refusals: 7);
        Assert.Equal([200, 400, 800, 1600, 3200, 5000, 5000], time.Pauses.Take(7).Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task Work_WithStreamedHistory_IsCompletedFromTheSidecar()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options =>
            options.RegisterWorkflow<string?, string>("Wf", (context, _) => context.CallActivityAsync<string>("A")));
        var events = new List<HistoryEvent>
        {
            Replay.Events.TurnStarted(), Replay.Events.Started("Wf", null, "long"), Replay.Events.Scheduled(0, "A"),
        };
        events.ForEach(e => e.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(Instance.Epoch));
        worker.Sidecar.Answer<GetInstanceHistoryRequest>(new GetInstanceHistoryResponse { Events = { events } });
        var request = new WorkflowRequest { InstanceId = "long", RequiresHistoryStreaming = true };
        request.NewEvents.Add(Replay.Events.Completed(0, "\"done\""));
        Assert.Equal("\"done\"", Assert.Single((await worker.Sidecar.AskAsync(request)).Actions).CompleteWorkflow.Result);
    }

    private static IHostedService Stream(WorkerUnderTest worker) => Assert.Single(worker.Services.GetServices<IHostedService>());

    private static ActivityRequest Hold(string instanceId) =>
        new() { Name = "Hold", Input = "1", WorkflowInstance = new WorkflowInstance { InstanceId = instanceId } };

    /// <summary>A clock that says when something ticks by it: the sidecar knows of the stream before the worker does.</summary>
    private sealed class AwaitedTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource _ticking = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ticking => _ticking.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (period > TimeSpan.Zero)
            {
                _ticking.TrySetResult();
            }

            return timer;
        }
    }

    /// <summary>A clock whose short pauses are over at once, and kept; its long ones never are.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
        private readonly Lock _gate = new();
        private readonly List<TimeSpan> _pauses = [];

        public IReadOnlyList<TimeSpan> Pauses
        {
            get
            {
                lock (_gate)
                {
                    return [.. _pauses];
                }
            }
        }

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= Long || dueTime < TimeSpan.Zero)
            {
                return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            lock (_gate)
            {
                _pauses.Add(dueTime);
            }

            return base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
