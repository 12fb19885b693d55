using System.Diagnostics;
using Dapr.Workflow;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.DependencyInjection;

namespace MeshWorkflow.Tests.Conformance.AnyWorker;

/// <summary>Section B8 of the contract, and of B1 what every piece of work has in common.</summary>
public sealed class ActivityTests
{
    [Fact]
    public async Task Activity_Called_KnowsItsCaller()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options => options.RegisterActivity<int, string>(
            "Tell", (context, input) => Task.FromResult($"{input} {context.Identifier} {context.TaskExecutionKey} {context.InstanceId}")));
        var answer = await worker.Sidecar.AskAsync(Call("Tell", "5"), "token-1");
        Assert.Equal(("inst", 7, "token-1"), (answer.InstanceId, answer.TaskId, answer.CompletionToken));
        Assert.Equal("\"5 Tell key inst\"", answer.Result);
    }

    [Theory]
    [InlineData("tell", "\"x\"", "\"x\"")]
    [InlineData("TELL", "", "")]
    [InlineData("Tell", "\"\"", "\"\"")]
    public async Task Activity_InAnyCase_AnswersWhatItGot(string name, string input, string expected)
    {
        await using var worker = await WorkerUnderTest.StartAsync(options =>
            options.RegisterActivity<string?, string?>("Tell", (_, value) => Task.FromResult(value)));
        Assert.Equal(expected, (await worker.Sidecar.AskAsync(Call(name, input))).Result);
    }

    [Fact]
    public async Task Activity_Throwing_IsItsFailure()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options => options.RegisterActivity<int, int>(
            "Throw", (_, _) => throw new InvalidOperationException("outer", new ArgumentException("inner"))));
        var failure = (await worker.Sidecar.AskAsync(Call("Throw", "1"))).FailureDetails;
        Assert.Equal(("System.InvalidOperationException", "outer", false), (failure.ErrorType, failure.ErrorMessage, failure.IsNonRetriable));
        Assert.Null(failure.InnerFailure);
        Assert.Contains(nameof(Activity_Throwing_IsItsFailure), failure.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_Unknown_FailsByName()
    {
        await using var worker = await WorkerUnderTest.StartAsync(_ => { });
        var failure = (await worker.Sidecar.AskAsync(Call("Nope", ""))).FailureDetails;
        Assert.Equal(
            ("ActivityNotFoundException", "Activity 'Nope' not found", false),
            (failure.ErrorType, failure.ErrorMessage, failure.IsNonRetriable));
    }

    [Fact]
    public async Task Activity_InputOfAnotherShape_IsItsFailure()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options => options.RegisterActivity<int, int>("Add", (_, i) => Task.FromResult(i)));
        Assert.Equal("System.Text.Json.JsonException", (await worker.Sidecar.AskAsync(Call("Add", "\"x\""))).FailureDetails.ErrorType);
    }

    [Fact]
    public async Task Activity_MadeByName_TheFirstRegistrationStays()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options =>
        {
            options.RegisterActivity<int, string>("Which", (_, _) => Task.FromResult("first"));
            options.RegisterActivity<int, string>("WHICH", (_, _) => Task.FromResult("second"));
        });
        Assert.Equal("\"first\"", (await worker.Sidecar.AskAsync(Call("which", "1"))).Result);
    }

    [Fact]
    public async Task Activity_OfAClass_HasAScopeOfItsOwnPerCall()
    {
        await using var worker = await WorkerUnderTest.StartAsync(
            options => options.RegisterActivity<ScopedActivity>(), services => services.AddSingleton<Counter>().AddScoped<Scoped>());
        Assert.Equal("\"scope 1: True\"", (await worker.Sidecar.AskAsync(Call(nameof(ScopedActivity), "1"))).Result);
        Assert.Equal("\"scope 2: True\"", (await worker.Sidecar.AskAsync(Call(nameof(ScopedActivity), "1"))).Result);
        Assert.Equal(2, worker.Services.GetRequiredService<Counter>().Disposed);
    }

    [Fact]
    public async Task Activity_ThatCannotBeMade_Fails()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options => options.RegisterActivity<ScopedActivity>());
        var failure = (await worker.Sidecar.AskAsync(Call(nameof(ScopedActivity), "1"))).FailureDetails;
        Assert.Equal("System.InvalidOperationException", failure.ErrorType);
        Assert.Contains(nameof(Scoped), failure.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activity_WithATraceParent_RunsWithinThatTrace()
    {
        await using var worker = await WorkerUnderTest.StartAsync(options => options.RegisterActivity<int, string>(
            "Trace", (_, _) => Task.FromResult($"{Activity.Current?.TraceId} {Activity.Current?.ParentSpanId}")));
        var call = Call("Trace", "1");
        call.ParentTraceContext = new TraceContext { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        Assert.Equal("\"0af7651916cd43dd8448eb211c80319c b7ad6b7169203331\"", (await worker.Sidecar.AskAsync(call)).Result);
    }

    [Fact]
    public async Task Activities_MoreThanAHundred_WaitForTheirTurn()
    {
        var running = new Running();
        await using var worker = await WorkerUnderTest.StartAsync(options =>
            options.RegisterActivity<int, int>("Hold", (_, value) => running.HoldAsync(value)));
        var answers = Enumerable.Range(0, 150).Select(i => worker.Sidecar.AskAsync(Call("Hold", $"{i}", i))).ToList();
        await running.ReachedAsync(100);

        // A turn is not held up by activities.
        Assert.NotEmpty((await worker.Sidecar.AskAsync(new WorkflowRequest { InstanceId = "turn" })).Actions);
        Assert.Equal(100, running.Most);
        running.Release();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Null(answer.FailureDetails));
        Assert.Equal(100, running.Most);
    }

    private static ActivityRequest Call(string name, string input, int taskId = 7) => new()
    {
        Name = name,
        Input = input,
        TaskId = taskId,
        TaskExecutionId = "key",
        WorkflowInstance = new WorkflowInstance { InstanceId = "inst" },
    };

    /// <summary>Counts scopes.</summary>
    public sealed class Counter
    {
        private int _made;
        private int _disposed;

        public int Disposed => _disposed;

        public int Make() => Interlocked.Increment(ref _made);

        public void Dispose() => Interlocked.Increment(ref _disposed);
    }

    /// <summary>One per scope.</summary>
    public sealed class Scoped(Counter counter) : IDisposable
    {
        public int Number { get; } = counter.Make();

        public void Dispose() => counter.Dispose();
    }

    /// <summary>Takes a service of its scope twice.</summary>
    public sealed class ScopedActivity(Scoped first, Scoped second) : WorkflowActivity<int, string>
    {
        public override Task<string> RunAsync(WorkflowActivityContext context, int input) =>
            Task.FromResult($"scope {first.Number}: {ReferenceEquals(first, second)}");
    }

    /// <summary>Counts what runs at the same time.</summary>
    private sealed class Running
    {
        private readonly Lock _gate = new();
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _now;
        private int _awaited = int.MaxValue;

        public int Most { get; private set; }

        public async Task<int> HoldAsync(int value)
        {
            lock (_gate)
            {
                Most = Math.Max(Most, ++_now);
                if (_now >= _awaited)
                {
                    _reached.TrySetResult();
                }
            }

            await _released.Task;
            lock (_gate)
            {
                _now--;
            }

            return value;
        }

        public Task ReachedAsync(int count)
        {
            lock (_gate)
            {
                _awaited = count;
                if (_now >= count)
                {
                    _reached.TrySetResult();
                }
            }

            return _reached.Task.WaitAsync(Patience.Limit, TimeProvider.System);
        }

        public void Release() => _released.TrySetResult();
    }
}
