using Dapr.Workflow;

namespace MeshWorkflow.Workflows.Control;

/// <summary>How a workflow that waits hears of wishes: by an event that is named for one use. If it is lost, the next look sees the wish.</summary>
internal static class WishWait
{
    /// <summary>Sleeps for a while, or until told that the wishes have changed.</summary>
    /// <param name="context">The workflow that waits.</param>
    /// <param name="version">The version of the wishes that it has seen.</param>
    /// <param name="longest">How long at most.</param>
    public static async Task SleepAsync(WorkflowContext context, int version, TimeSpan longest)
    {
        using var told = new CancellationTokenSource();
        var timer = context.CreateTimer(longest, told.Token);
        var wish = context.WaitForExternalEventAsync<int>(Controls.EventOf(version + 1), told.Token);
        await Task.WhenAny(timer, wish);
        told.Cancel();
    }
}
