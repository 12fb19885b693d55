using Dapr.Workflow;

namespace MeshWorkflow.Tests.Conformance;

/// <summary>The workflows and activities that the tests run. Written against the official public API.</summary>
internal static class Scenarios
{
    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<int, int>("AddOne", (_, value) => Task.FromResult(value + 1));
        options.RegisterActivity<string?, string?>("Echo", (_, value) => Task.FromResult(value));
        options.RegisterActivity<string, string>("Key", (context, _) => Task.FromResult(context.TaskExecutionKey));
        options.RegisterActivity<string, string>("Flaky", Flaky.RunAsync);
        options.RegisterActivity<string, string>("Fail", (_, message) => throw new InvalidOperationException(message));

        options.RegisterWorkflow<int, int>("Chain", async (context, steps) =>
        {
            var value = 0;
            for (var i = 0; i < steps; i++)
            {
                value = await context.CallActivityAsync<int>("AddOne", value);
            }

            return value;
        });
        options.RegisterWorkflow<int, int>("FanOut", async (context, width) =>
        {
            var results = await Task.WhenAll(Enumerable.Range(0, width).Select(i => context.CallActivityAsync<int>("AddOne", i)));
            return results.Sum();
        });
        options.RegisterWorkflow<int, int>("Parallel", async (context, width) =>
        {
            var results = await context.ProcessInParallelAsync(
                Enumerable.Range(0, width), i => context.CallActivityAsync<int>("AddOne", i), maxConcurrency: 3);
            return results.Sum();
        });
        options.RegisterWorkflow<string, string>("RetryFlaky", (context, key) => context.CallActivityAsync<string>(
            "Flaky", key, new WorkflowTaskOptions(new WorkflowRetryPolicy(4, TimeSpan.FromMilliseconds(20), 2))));
        options.RegisterWorkflow<string, string>("CatchFailure", async (context, message) =>
        {
            try
            {
                return await context.CallActivityAsync<string>("Fail", message);
            }
            catch (WorkflowTaskFailedException exception)
            {
                var details = exception.FailureDetails;
                return $"{exception.Message}|{details.ErrorType}|{details.ErrorMessage}|{details.IsCausedBy<InvalidOperationException>()}";
            }
        });
        options.RegisterWorkflow<string, string>("CallUnknown", async (context, _) =>
        {
            try
            {
                await context.CallActivityAsync("NoSuchActivity");
                return "";
            }
            catch (WorkflowTaskFailedException exception)
            {
                return exception.FailureDetails.ErrorType;
            }
        });
        options.RegisterWorkflow<string, string>("Throw", (_, message) => throw new InvalidOperationException(message));
        options.RegisterWorkflow<int, string>("Sleep", async (context, milliseconds) =>
        {
            var before = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds));
            return context.CurrentUtcDateTime - before >= TimeSpan.FromMilliseconds(milliseconds) ? "slept" : "woke early";
        });
        options.RegisterWorkflow<string?, string>("WaitForGo", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            var payload = await context.WaitForExternalEventAsync<string>("go");
            context.SetCustomStatus("done");
            return payload;
        });
        options.RegisterWorkflow<int, string>("WaitForGoOr", async (context, milliseconds) =>
        {
            try
            {
                return await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMilliseconds(milliseconds));
            }
            catch (TaskCanceledException)
            {
                return "timeout";
            }
        });
        options.RegisterWorkflow<int, string>("WaitForMany", async (context, count) =>
        {
            var all = "";
            for (var i = 0; i < count; i++)
            {
                all += await context.WaitForExternalEventAsync<string>("item");
            }

            return all;
        });
        options.RegisterWorkflow<int, int>("Generations", async (context, generation) =>
        {
            var add = await context.WaitForExternalEventAsync<int>("add");
            if (generation + add < 10)
            {
                context.ContinueAsNew(generation + add);
            }

            return generation + add;
        });
        options.RegisterWorkflow<int, int>("Countdown", async (context, left) =>
        {
            if (left == 0)
            {
                return 0;
            }

            await context.CallActivityAsync<int>("AddOne", left);
            context.ContinueAsNew(left - 1);
            return -1;
        });
        options.RegisterWorkflow<int, int>("Square", (_, value) => Task.FromResult(value * value));
        options.RegisterWorkflow<int, int>("SumOfSquares", async (context, count) =>
        {
            var results = await Task.WhenAll(Enumerable.Range(1, count).Select(i => context.CallChildWorkflowAsync<int>(
                "Square", i, new ChildWorkflowTaskOptions($"{context.InstanceId}-{i}"))));
            return results.Sum();
        });
        options.RegisterWorkflow<string, string>("FailingChild", async (context, message) =>
        {
            try
            {
                await context.CallChildWorkflowAsync("Throw", message);
                return "";
            }
            catch (WorkflowTaskFailedException exception)
            {
                return $"{exception.Message}|{exception.FailureDetails.ErrorType}|{exception.FailureDetails.ErrorMessage}";
            }
        });
        options.RegisterWorkflow<string, string?>("ParentOf", (context, childId) =>
            context.CallChildWorkflowAsync<string?>("WaitForGo", null, new ChildWorkflowTaskOptions(childId)));
        options.RegisterWorkflow<string?, string>("Ids", async (context, _) =>
        {
            var first = context.NewGuid();
            var key = await context.CallActivityAsync<string>("Key", "");
            var second = context.NewGuid();
            return $"{first}|{second}|{key}";
        });
        options.RegisterWorkflow<string?, string>("Patched", async (context, _) =>
        {
            var before = context.IsPatched("p1");
            await context.CallActivityAsync<string?>("Echo", "x");
            return $"{before}|{context.IsPatched("p1")}|{context.IsPatched("p2")}";
        });
        options.RegisterWorkflow<string?, string>("FirstOf", async (context, _) =>
        {
            var go = context.WaitForExternalEventAsync<string>("go");
            var timer = context.CreateTimer(TimeSpan.FromMilliseconds(50));
            return await Task.WhenAny(go, timer) == go ? "event" : "timer";
        });
    }

    /// <summary>Fails the first two times that a key is seen.</summary>
    private static class Flaky
    {
        private static readonly Dictionary<string, int> Calls = [];

        public static Task<string> RunAsync(WorkflowActivityContext context, string key)
        {
            lock (Calls)
            {
                Calls[key] = Calls.GetValueOrDefault(key) + 1;
                return Calls[key] > 2
                    ? Task.FromResult($"attempt {Calls[key]}")
                    : throw new InvalidOperationException($"attempt {Calls[key]} fails");
            }
        }
    }
}
