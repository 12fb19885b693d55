using MeshWorkflow.Sandbox.Traffic;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>Does things in a cluster by and by, one at a time, under the world's gate.</summary>
internal sealed partial class Scheduler(WorldGate gate, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Does something after a while. It ends with the cluster.</summary>
    public Task After(TimeSpan delay, Action act) => RunAsync(delay, act, _stop.Token);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan delay, Action act, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            lock (gate.Gate)
            {
                cancellationToken.ThrowIfCancellationRequested();
                act();
            }
        }
        catch (OperationCanceledException)
        {
            // The sandbox ends.
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A controller of the sandbox failed.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
