using MeshWorkflow.Sandbox.Traffic;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>Does things in a cluster by and by, one at a time, under the world's gate.</summary>
internal sealed partial class Scheduler : IDisposable
{
    private readonly WorldGate _gate;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private int _era;

    public Scheduler(WorldGate gate, TimeProvider time, ILogger logger)
    {
        (_gate, _time, _logger) = (gate, time, logger);
        Stopping = _stop.Token;
    }

    /// <summary>Ends with the cluster.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Does something after a while. It ends with the cluster.</summary>
    public Task After(TimeSpan delay, Action act) => RunAsync(delay, act, _era, Stopping);

    /// <summary>Does nothing any more of what is still to be done.</summary>
    public void Forget() => _era++;

    /// <summary>Ends everything that is still to be done.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(TimeSpan delay, Action act, int era, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            lock (_gate.Gate)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (era == _era)
                {
                    act();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The sandbox ends.
        }
        catch (Exception exception)
        {
            Log.Failed(_logger, exception);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A controller of the sandbox failed.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
