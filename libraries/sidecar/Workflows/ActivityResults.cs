using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Takes the results of activities. The first result of a call counts.</summary>
internal sealed partial class ActivityResults(Runtime runtime, EventIntake intake, ILogger<ActivityResults> logger)
{
    /// <summary>Stores a result.</summary>
    /// <param name="app">The app that answers.</param>
    /// <param name="response">The result.</param>
    /// <returns>A task that ends when it is on disk. A result that nobody waits for is ignored.</returns>
    public async Task CompleteAsync(string app, ActivityResponse response)
    {
        var work = runtime.Hubs[app].Take<ActivityWork>(response.CompletionToken, (response.InstanceId, response.TaskId));
        if (work is null)
        {
            Log.Unexpected(logger, app, response.InstanceId, response.TaskId);
            return;
        }

        try
        {
            await intake.AddAsync(
                work.Instance,
                Arrivals.Ended(work.Request, response, runtime.Clock.Stamp()),
                work.Run,
                (writer, instance) => InstanceRows.DeleteActivity(writer, instance.Row, work.Request.TaskId));
            Tracing.End(work.Span, response.FailureDetails);
            SidecarMetrics.ActivityStored(app, response.FailureDetails is not null);
        }
        catch
        {
            // Not stored: it is still to be done.
            runtime.Later(() => runtime.Hubs[app].Add(work));
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "App {App} answered activity {TaskId} of {InstanceId}, which nobody waits for; ignored.")]
        public static partial void Unexpected(ILogger logger, string app, string instanceId, int taskId);
    }
}
