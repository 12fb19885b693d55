using Dapr.Common.Serialization;
using Dapr.Workflow.Connection;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dapr.Workflow.Worker;

/// <summary>
/// Takes work from the sidecar and answers it, for as long as the app runs. A lost stream is opened again for ever; on shutdown
/// what is under way is finished and answered first.
/// </summary>
internal sealed partial class WorkflowWorker : BackgroundService
{
    private static readonly TimeSpan FirstReconnectDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestReconnectDelay = TimeSpan.FromSeconds(5);

    private readonly TaskHubSidecarService.TaskHubSidecarServiceClient _sidecar;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KeepAlive _keepAlive;
    private readonly WorkInFlight _work;

    public WorkflowWorker(
        SidecarConnection connection,
        IWorkflowsFactory factory,
        IDaprSerializer serializer,
        IServiceScopeFactory scopes,
        ILoggerFactory loggers,
        TimeProvider time)
    {
        _sidecar = new TaskHubSidecarService.TaskHubSidecarServiceClient(connection.Invoker);
        _time = time;
        _logger = loggers.CreateLogger<WorkflowWorker>();
        _keepAlive = new KeepAlive(_sidecar, time, _logger);
        _work = new WorkInFlight(
            _sidecar, new WorkflowTurns(factory, serializer, scopes, loggers), new ActivityCalls(factory, serializer, scopes), _logger);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The stream stays open meanwhile: closing it would make the sidecar hand the same work to another worker.
        await _work.DrainAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _work.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstReconnectDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            var opened = _time.GetTimestamp();
            try
            {
                await ReadStreamAsync(stoppingToken);
                Log.StreamEnded(_logger);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.StreamLost(_logger, exception.Message);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            // Only a stream that had lived for a while says that the next may be opened at once.
            delay = _time.GetElapsedTime(opened) > LongestReconnectDelay ? FirstReconnectDelay : delay;
            await Task.Delay(delay, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestReconnectDelay ? delay * 2 : LongestReconnectDelay;
        }
    }

    private async Task ReadStreamAsync(CancellationToken stoppingToken)
    {
        using var stream = _sidecar.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: stoppingToken);
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var hello = _keepAlive.RunAsync(closed.Token);
        try
        {
            await stream.ResponseHeadersAsync;
            var next = stream.ResponseStream.MoveNext(stoppingToken);
            if (!next.IsCompleted)
            {
                // A refusal comes with the headers; here the sidecar has none and we wait for work.
                Log.Connected(_logger);
            }

            while (await next)
            {
                _work.Take(stream.ResponseStream.Current);
                next = stream.ResponseStream.MoveNext(stoppingToken);
            }
        }
        finally
        {
            await closed.CancelAsync();
            await hello;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Connected to the sidecar; taking workflow work.")]
        public static partial void Connected(ILogger logger);

        [LoggerMessage(LogLevel.Information, "The sidecar ended the work stream; opening it again.")]
        public static partial void StreamEnded(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The work stream is lost ({Reason}); opening it again.")]
        public static partial void StreamLost(ILogger logger, string reason);
    }
}
