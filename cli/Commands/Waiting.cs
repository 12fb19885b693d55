namespace MeshWorkflow.Cli.Commands;

/// <summary>Waits until the command is to stop.</summary>
internal static class Waiting
{
    public static async Task ForStopAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
    }
}
