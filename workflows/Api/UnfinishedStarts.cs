using Grpc.Core;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Workflows.Api;

/// <summary>At the orchestrator's start: goes on with what was written as begun when a crash came before its workflow.</summary>
internal sealed partial class UnfinishedStarts(RolloutQueries queries, RolloutStarts starts, TimeProvider time, ILogger<UnfinishedStarts> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await GoOnAsync(stoppingToken);
                return;
            }
            catch (Exception exception) when (exception is RpcException or Dapr.DaprException)
            {
                // The sidecar comes up beside us; it may take a moment longer.
                Log.NotYet(logger, exception.Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task GoOnAsync(CancellationToken cancellationToken)
    {
        foreach (var rollout in await queries.ListAsync(cancellationToken))
        {
            if (rollout.State is RolloutState.Pending or RolloutState.RollingBack)
            {
                await starts.EnsureAsync(rollout.Id, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The sidecar does not answer yet: {Message}")]
        public static partial void NotYet(ILogger logger, string message);
    }
}
