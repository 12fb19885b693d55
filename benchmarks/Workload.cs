using System.Globalization;
using System.Text;
using Dapr.Workflow;

namespace MeshWorkflow.Benchmarks;

/// <summary>The workflows that are measured, and those that are killed.</summary>
/// <param name="journal">A file for one line per run of an activity, or null: none.</param>
internal sealed class Workload(string? journal)
{
    private readonly Lock _gate = new();

    public void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<int, int>("PlusOne", (context, value) => Task.FromResult(Note(context, value + 1)));
        options.RegisterWorkflow<int, int>("Chain", ChainAsync);
        options.RegisterWorkflow<int, int>("FanOut", async (context, width) =>
            (await Task.WhenAll(Enumerable.Range(0, width).Select(i => context.CallActivityAsync<int>("PlusOne", i)))).Sum());
        options.RegisterWorkflow<int, int>("Timers", async (context, count) =>
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(_ => context.CreateTimer(TimeSpan.FromSeconds(1))));
            return count;
        });
        options.RegisterWorkflow<int, int>("Sleepy", async (context, naps) =>
        {
            for (var i = 0; i < naps; i++)
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(50));
                await context.CallActivityAsync<int>("PlusOne", i);
            }

            return naps;
        });
        options.RegisterWorkflow<int, int>("Family", async (context, children) =>
            (await Task.WhenAll(Enumerable.Range(0, children).Select(i => context.CallChildWorkflowAsync<int>(
                "Chain", 2, new ChildWorkflowTaskOptions($"{context.InstanceId}-{i}"))))).Sum());
        options.RegisterWorkflow<int, int>("Generations", async (context, left) =>
        {
            await context.CallActivityAsync<int>("PlusOne", left);
            if (left > 1)
            {
                context.ContinueAsNew(left - 1);
            }

            return left;
        });
        options.RegisterWorkflow<int, int>("Listener", async (context, events) =>
        {
            var sum = 0;
            for (var i = 0; i < events; i++)
            {
                sum += await context.WaitForExternalEventAsync<int>(string.Create(CultureInfo.InvariantCulture, $"e{i}"));
                await context.CallActivityAsync<int>("PlusOne", i);
            }

            return sum;
        });
    }

    private static async Task<int> ChainAsync(WorkflowContext context, int steps)
    {
        var value = 0;
        for (var i = 0; i < steps; i++)
        {
            value = await context.CallActivityAsync<int>("PlusOne", value);
        }

        return value;
    }

    private int Note(WorkflowActivityContext context, int value)
    {
        if (journal is not null)
        {
            // Append only means "begin at the end": two at once would write over each other.
            lock (_gate)
            {
                using var file = new FileStream(journal, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
                file.Write(Encoding.UTF8.GetBytes($"{context.InstanceId} {context.TaskExecutionKey}\n"));
            }
        }

        return value;
    }
}
