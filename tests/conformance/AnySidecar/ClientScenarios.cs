using Dapr.Workflow;

namespace MeshWorkflow.Tests.Conformance.AnySidecar;

/// <summary>The workflows that the client's rows of the contract need.</summary>
internal static class ClientScenarios
{
    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<string, string>("Shout", (_, text) => Task.FromResult(text.ToUpperInvariant()));
        options.RegisterActivity<int, string>("Blow", (_, length) => Task.FromResult(new string('x', length)));
        options.RegisterWorkflow<string, string>("ShoutTwice", async (context, text) =>
        {
            var first = await context.CallActivityAsync<string>("Shout", text);
            var second = await context.CallActivityAsync<string>("Shout", text + "2");
            return $"{first} {second}";
        });
        options.RegisterWorkflow<string, string>("ShoutInAChild", async (context, text) => await context.CallChildWorkflowAsync<string>(
            "ShoutTwice", text, new ChildWorkflowTaskOptions($"{context.InstanceId}-child")));
        options.RegisterWorkflow<string, string>("LeaveTheChild", async (context, childId) =>
        {
            _ = context.CallChildWorkflowAsync<string>("WaitForGo", null, new ChildWorkflowTaskOptions(childId));
            return await context.CallActivityAsync<string>("Shout", "left");
        });
        options.RegisterWorkflow<string, string>("WatchTheChild", async (context, childId) =>
        {
            try
            {
                await context.CallChildWorkflowAsync<string>("WaitForGo", null, new ChildWorkflowTaskOptions(childId));
                return "ended";
            }
            catch (WorkflowTaskFailedException exception)
            {
                return exception.Message;
            }
        });
        options.RegisterWorkflow<string?, string>("SleepOn", async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromMilliseconds(100));
            return await context.CallActivityAsync<string>("Shout", "awake");
        });
        options.RegisterWorkflow<int, int>("Grow", async (context, pieces) =>
        {
            for (var i = 0; i < pieces; i++)
            {
                await context.CallActivityAsync<string>("Blow", 1_000_000);
            }

            return pieces;
        });
        options.RegisterWorkflow<int, string>("ManyTimers", async (context, count) =>
        {
            await Task.WhenAll(Enumerable.Range(1, count).Select(i => context.CreateTimer(TimeSpan.FromMilliseconds(10 * i))));
            return "all";
        });
    }
}
