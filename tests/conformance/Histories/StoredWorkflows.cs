using Dapr.Workflow;

namespace MeshWorkflow.Tests.Conformance.Histories;

/// <summary>
/// The workflows whose histories are stored. They stand for workflows that are under way somewhere: never change one of them,
/// add another.
/// </summary>
internal static class StoredWorkflows
{
    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<int, int>("StoredAddOne", (_, value) => Task.FromResult(value + 1));
        options.RegisterActivity<string, string>("StoredFail", (_, message) => throw new InvalidOperationException(message));
        options.RegisterActivity<string, string>("StoredFlaky", FailTwiceAsync);
        options.RegisterWorkflow<int, int>("StoredKid", (_, value) => value < 0
            ? throw new ArgumentException("a negative child")
            : Task.FromResult(value * 10));
        options.RegisterWorkflow<int, string>("StoredActivities", ActivitiesAsync);
        options.RegisterWorkflow<string, string>("StoredRetries", RetriesAsync);
        options.RegisterWorkflow<string?, string>("StoredTimers", TimersAsync);
        options.RegisterWorkflow<string?, string>("StoredEvents", EventsAsync);
        options.RegisterWorkflow<string?, string>("StoredChildren", ChildrenAsync);
        options.RegisterWorkflow<int, int>("StoredGenerations", GenerationsAsync);
        options.RegisterWorkflow<string?, string>("StoredPatches", PatchesAsync);
        options.RegisterWorkflow<string?, string>("StoredSuspension", SuspensionAsync);
        options.RegisterWorkflow<int, int>("StoredFanOut", FanOutAsync);
        options.RegisterWorkflow<string, string>("StoredFailure", (context, message) => context.CallActivityAsync<string>("StoredFail", message));
    }

    /// <summary>The code that the patched workflow had before its patch.</summary>
    public static void RegisterOld(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<int, int>("StoredAddOne", (_, value) => Task.FromResult(value + 1));
        options.RegisterWorkflow<string?, string>("StoredPatches", async (context, _) =>
        {
            var value = await context.CallActivityAsync<int>("StoredAddOne", 1);
            await context.WaitForExternalEventAsync<string>("go");
            return $"{value}";
        });
    }

    private static async Task<string> ActivitiesAsync(WorkflowContext context, int input)
    {
        context.SetCustomStatus(new { at = "first" });
        var first = await context.CallActivityAsync<int>("StoredAddOne", input);
        context.SetCustomStatus(new { at = "second" });
        try
        {
            return await context.CallActivityAsync<string>("StoredFail", $"{first} is refused");
        }
        catch (WorkflowTaskFailedException exception)
        {
            return $"{first} {exception.FailureDetails.ErrorMessage} {context.NewGuid()}";
        }
    }

    private static async Task<string> RetriesAsync(WorkflowContext context, string key)
    {
        var policy = new WorkflowRetryPolicy(4, TimeSpan.FromMilliseconds(20), 2, TimeSpan.FromMilliseconds(30));
        var activity = await context.CallActivityAsync<string>("StoredFlaky", key, new WorkflowTaskOptions(policy));
        try
        {
            await context.CallChildWorkflowAsync<int>("StoredKid", -1, new ChildWorkflowTaskOptions(RetryPolicy: policy));
            return activity;
        }
        catch (WorkflowTaskFailedException exception)
        {
            return $"{activity}, then {exception.Message}";
        }
    }

    private static async Task<string> TimersAsync(WorkflowContext context, string? input)
    {
        var start = context.CurrentUtcDateTime;
        await Task.WhenAll(context.CreateTimer(TimeSpan.FromMilliseconds(30)), context.CreateTimer(start.AddMilliseconds(10), CancellationToken.None));
        using var stop = new CancellationTokenSource();
        var late = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
        var soon = context.CreateTimer(TimeSpan.FromMilliseconds(10));
        var first = await Task.WhenAny(late, soon);
        stop.Cancel();
        return first == soon && late.IsCanceled ? "soon" : "late";
    }

    private static async Task<string> EventsAsync(WorkflowContext context, string? input)
    {
        var go = await context.WaitForExternalEventAsync<string>("go");
        var endless = await context.WaitForExternalEventAsync<int>("endless", Timeout.InfiniteTimeSpan);
        var inTime = await context.WaitForExternalEventAsync<int>("in-time", TimeSpan.FromHours(1));
        try
        {
            return await context.WaitForExternalEventAsync<string>("never", TimeSpan.FromMilliseconds(20));
        }
        catch (TaskCanceledException)
        {
            return $"{go} {endless} {inTime} timeout";
        }
    }

    private static async Task<string> ChildrenAsync(WorkflowContext context, string? input)
    {
        var derived = context.CallChildWorkflowAsync<int>("StoredKid", 1);
        var chosen = context.CallChildWorkflowAsync<int>("StoredKid", 2, new ChildWorkflowTaskOptions($"{context.InstanceId}-kid"));
        var failing = context.CallChildWorkflowAsync<int>("StoredKid", -1, new ChildWorkflowTaskOptions($"{context.InstanceId}-bad"));
        try
        {
            return $"{await derived} {await chosen} {await failing}";
        }
        catch (WorkflowTaskFailedException exception)
        {
            return $"{await derived} {await chosen} {exception.FailureDetails.ErrorType}";
        }
    }

    private static async Task<int> GenerationsAsync(WorkflowContext context, int generation)
    {
        var added = await context.WaitForExternalEventAsync<int>("add");
        await context.CallActivityAsync<int>("StoredAddOne", added);
        if (generation < 2)
        {
            context.ContinueAsNew(generation + 1);
        }

        return generation + added;
    }

    private static async Task<string> PatchesAsync(WorkflowContext context, string? input)
    {
        var early = context.IsPatched("early");
        var value = await context.CallActivityAsync<int>("StoredAddOne", 1);
        await context.WaitForExternalEventAsync<string>("go");
        if (context.IsPatched("late"))
        {
            value = await context.CallActivityAsync<int>("StoredAddOne", value);
        }

        return $"{early} {context.IsPatched("late")} {value}";
    }

    private static async Task<string> SuspensionAsync(WorkflowContext context, string? input)
    {
        context.SetCustomStatus("waiting");
        var go = await context.WaitForExternalEventAsync<string>("go");
        return go + await context.CallActivityAsync<int>("StoredAddOne", 1);
    }

    private static async Task<int> FanOutAsync(WorkflowContext context, int width)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, width).Select(i => context.CallActivityAsync<int>("StoredAddOne", i)));
        var some = await context.ProcessInParallelAsync(all, i => context.CallActivityAsync<int>("StoredAddOne", i), maxConcurrency: 2);
        return some.Sum();
    }

    private static Task<string> FailTwiceAsync(WorkflowActivityContext context, string key) => Failures.Count(key) > 2
        ? Task.FromResult("third time lucky")
        : throw new InvalidOperationException("not yet");

    private static class Failures
    {
        private static readonly Dictionary<string, int> Calls = [];

        public static int Count(string key)
        {
            lock (Calls)
            {
                return Calls[key] = Calls.GetValueOrDefault(key) + 1;
            }
        }
    }
}
