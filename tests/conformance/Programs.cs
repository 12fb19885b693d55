using Dapr.Workflow;

namespace MeshWorkflow.Tests.Conformance;

/// <summary>A payload with something of everything.</summary>
/// <param name="Text">Text.</param>
/// <param name="Numbers">A list.</param>
/// <param name="Amounts">A map.</param>
/// <param name="Nothing">Nothing.</param>
public sealed record Shape(string Text, IReadOnlyList<int> Numbers, IReadOnlyDictionary<string, decimal> Amounts, string? Nothing);

/// <summary>The workflows of <see cref="WorkflowTests"/>. Written against the official public API.</summary>
internal static class Programs
{
    private static readonly WorkflowRetryPolicy ThreeTimes = new(3, TimeSpan.FromMilliseconds(10));

    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<Shape, Shape>("ProgramShape", (_, shape) => Task.FromResult(shape));
        options.RegisterWorkflow<string, string>("ProgramFlaky", (context, key) => context.CallActivityAsync<string>("Flaky", key));
        options.RegisterWorkflow<int, string>("ProgramLateWait", LateWaitAsync);
        options.RegisterWorkflow<string?, string>("ProgramCancelledWait", CancelledWaitAsync);
        options.RegisterWorkflow<string?, string>("ProgramNoTime", NoTimeAsync);
        options.RegisterWorkflow<string, string>("ProgramRetriedChild", (context, key) => context.CallChildWorkflowAsync<string>(
            "ProgramFlaky", key, new ChildWorkflowTaskOptions(RetryPolicy: ThreeTimes)));
        options.RegisterWorkflow<string, string>("ProgramRetriesUsedUp", (context, message) => FailureAsync(
            () => context.CallActivityAsync<string>("Fail", message, new WorkflowTaskOptions(ThreeTimes))));
        options.RegisterWorkflow<string, string>("ProgramParent", (context, kid) => FailureAsync(
            () => context.CallChildWorkflowAsync<string>("WaitForGo", null, new ChildWorkflowTaskOptions(kid))));
        options.RegisterWorkflow<int, string>("ProgramForgets", ForgetsAsync);
        options.RegisterWorkflow<int, string>("ProgramParallelFailures", ParallelFailuresAsync);
        options.RegisterWorkflow<string?, string[]>("ProgramKeys", (context, _) => Task.WhenAll(
            context.CallActivityAsync<string>("Key", ""), context.CallActivityAsync<string>("Key", "")));
        options.RegisterWorkflow<int, int>("ProgramContextFree", ContextFreeAsync);
        options.RegisterWorkflow<string?, string>("ProgramPatchedWait", async (context, _) =>
            $"{context.IsPatched("p1")} {await context.WaitForExternalEventAsync<string>("go")}");
        options.RegisterWorkflow<Shape, Shape>("ProgramShape", async (context, shape) =>
        {
            context.SetCustomStatus(shape.Text);
            return await context.CallActivityAsync<Shape>("ProgramShape", shape);
        });
    }

    private static async Task<string> LateWaitAsync(WorkflowContext context, int count)
    {
        await context.WaitForExternalEventAsync<string>("start");
        var all = "";
        for (var i = 0; i < count; i++)
        {
            all += await context.WaitForExternalEventAsync<string>("item");
        }

        return all;
    }

    private static async Task<string> CancelledWaitAsync(WorkflowContext context, string? input)
    {
        using var stop = new CancellationTokenSource();
        var first = context.WaitForExternalEventAsync<string>("go", stop.Token);
        stop.Cancel();
        return $"{first.IsCanceled} {await context.WaitForExternalEventAsync<string>("go")}";
    }

    private static async Task<string> NoTimeAsync(WorkflowContext context, string? input)
    {
        try
        {
            return await context.WaitForExternalEventAsync<string>("go", TimeSpan.Zero);
        }
        catch (TaskCanceledException)
        {
            return "over";
        }
    }

    private static async Task<string> FailureAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (WorkflowTaskFailedException exception)
        {
            return exception.Message;
        }
    }

    private static async Task<string> ForgetsAsync(WorkflowContext context, int generation)
    {
        context.SetCustomStatus($"generation {generation}");
        if (generation > 0)
        {
            return await context.WaitForExternalEventAsync<string>("other");
        }

        await context.WaitForExternalEventAsync<string>("again");
        context.ContinueAsNew(generation + 1, preserveUnprocessedEvents: false);
        return "";
    }

    private static async Task<string> ParallelFailuresAsync(WorkflowContext context, int count)
    {
        try
        {
            await context.ProcessInParallelAsync(
                Enumerable.Range(0, count),
                i => i % 2 == 1 ? context.CallActivityAsync<string>("Fail", $"{i}") : context.CallActivityAsync<string>("Echo", $"{i}"),
                maxConcurrency: 2);
            return "";
        }
        catch (AggregateException exception)
        {
            return exception.Message.Split('(')[0].Trim();
        }
    }

    private static async Task<int> ContextFreeAsync(WorkflowContext context, int value)
    {
        for (var i = 0; i < 3; i++)
        {
            value = await context.CallActivityAsync<int>("AddOne", value).ConfigureAwait(false);
        }

        return value;
    }
}
