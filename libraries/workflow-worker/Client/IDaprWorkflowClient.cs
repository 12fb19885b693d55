using Dapr.Common;
using Dapr.Workflow.Client;
using Grpc.Core;

namespace Dapr.Workflow;

/// <summary>
/// Starts, watches and steers workflow instances. Unless a method says otherwise, what the sidecar refuses comes as
/// <see cref="RpcException"/>.
/// </summary>
public interface IDaprWorkflowClient : IDaprClient, IAsyncDisposable
{
    /// <summary>Starts an instance and waits until it has begun.</summary>
    /// <param name="name">The workflow's name.</param>
    /// <param name="instanceId">Its id; a new one by default. The id of an ended instance may be used again.</param>
    /// <param name="input">Its input.</param>
    /// <returns>The instance's id.</returns>
    Task<string> ScheduleNewWorkflowAsync(string name, string? instanceId = null, object? input = null);

    /// <summary>Starts an instance, now or later.</summary>
    /// <param name="name">The workflow's name.</param>
    /// <param name="instanceId">Its id; a new one by default.</param>
    /// <param name="input">Its input.</param>
    /// <param name="startTime">When; at once by default. With a time the call does not wait for the beginning.</param>
    /// <returns>The instance's id.</returns>
    Task<string> ScheduleNewWorkflowAsync(string name, string? instanceId, object? input, DateTime? startTime);

    /// <summary>Starts an instance, now or later.</summary>
    /// <param name="name">The workflow's name.</param>
    /// <param name="instanceId">Its id; a new one by default.</param>
    /// <param name="input">Its input.</param>
    /// <param name="startTime">When; at once by default. With a time the call does not wait for the beginning.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The instance's id.</returns>
    Task<string> ScheduleNewWorkflowAsync(
        string name, string? instanceId, object? input, DateTimeOffset? startTime, CancellationToken cancellation = default);

    /// <summary>Reads an instance's state.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="getInputsAndOutputs">Whether payloads come along.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The state; of an unknown instance one that does not exist.</returns>
    Task<WorkflowState> GetWorkflowStateAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default);

    /// <summary>Waits until an instance has begun. Lost connections are taken up again until the token is cancelled.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="getInputsAndOutputs">Whether payloads come along.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The state.</returns>
    /// <exception cref="InvalidOperationException">The sidecar says that there is no such instance.</exception>
    Task<WorkflowState> WaitForWorkflowStartAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default);

    /// <summary>Waits until an instance has ended. Lost connections are taken up again until the token is cancelled.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="getInputsAndOutputs">Whether payloads come along.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The state.</returns>
    /// <exception cref="InvalidOperationException">The sidecar says that there is no such instance.</exception>
    Task<WorkflowState> WaitForWorkflowCompletionAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default);

    /// <summary>Sends an event to an instance. One that has ended ignores it.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="eventPayload">Its payload.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>A task that ends when the event is stored.</returns>
    Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default);

    /// <summary>Ends an instance and its children and waits for the end.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="output">What its result becomes.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>A task that ends when the instance has.</returns>
    Task TerminateWorkflowAsync(string instanceId, object? output = null, CancellationToken cancellation = default);

    /// <summary>Holds an instance until it is resumed.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>A task that ends when the instance is held.</returns>
    Task SuspendWorkflowAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>Lets a held instance go on.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>A task that ends when the instance goes on.</returns>
    Task ResumeWorkflowAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>Forgets an instance that has ended, and its children.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether anything was there to forget.</returns>
    Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default);

    /// <summary>Lists the ids of this app's instances, in no promised order.</summary>
    /// <param name="continuationToken">Where the last page ended.</param>
    /// <param name="pageSize">How many at most.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>A page.</returns>
    Task<WorkflowInstancePage> ListInstanceIdsAsync(
        string? continuationToken = null, int? pageSize = null, CancellationToken cancellation = default);

    /// <summary>Reads what an instance has done.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The events, oldest first.</returns>
    Task<IReadOnlyList<WorkflowHistoryEvent>> GetInstanceHistoryAsync(string instanceId, CancellationToken cancellation = default);

    /// <summary>Runs an ended instance again from one of its events on, under another id.</summary>
    /// <param name="sourceInstanceId">The ended instance; not a child.</param>
    /// <param name="eventId">The event: an activity, a timer or a child that it scheduled.</param>
    /// <param name="options">The new id, and another input for that event.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The new instance's id.</returns>
    /// <exception cref="ArgumentException">There is an input, but it isn't to be used.</exception>
    Task<string> RerunWorkflowFromEventAsync(
        string sourceInstanceId, uint eventId, RerunWorkflowFromEventOptions? options = null, CancellationToken cancellation = default);
}
