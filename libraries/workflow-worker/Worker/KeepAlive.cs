using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Worker;

/// <summary>Says hello to the sidecar now and then: balancers that only see requests would close the connection under the work stream.</summary>
internal sealed partial class KeepAlive(
    TaskHubSidecarService.TaskHubSidecarServiceClient sidecar, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken closed)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(closed))
            {
                await SayHelloAsync(closed);
            }
        }
        catch (OperationCanceledException)
        {
            // The stream has ended; so does this.
        }
    }

    private async Task SayHelloAsync(CancellationToken closed)
    {
        try
        {
            await sidecar.HelloAsync(new Empty(), cancellationToken: closed);
        }
        catch (RpcException exception) when (!closed.IsCancellationRequested)
        {
            // The stream itself tells when the connection is gone.
            Log.HelloFailed(logger, exception.Status);
        }
        catch (RpcException)
        {
            closed.ThrowIfCancellationRequested();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Hello to the sidecar failed: {Status}")]
        public static partial void HelloFailed(ILogger logger, Status status);
    }
}
