using Microsoft.Extensions.Logging;

namespace Dapr.Workflow;

/// <summary>Everything that a workflow's code may use. Its tasks are the only ones that a workflow may await.</summary>
public abstract class WorkflowContext : IWorkflowContext
{
    /// <summary>The workflow's name.</summary>
    public abstract string Name { get; }

    /// <summary>The instance's id.</summary>
    public abstract string InstanceId { get; }

    /// <inheritdoc/>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <inheritdoc/>
    public abstract bool IsReplaying { get; }

    /// <inheritdoc/>
    public abstract bool IsPatched(string patchName);

    /// <summary>Calls an activity that has no result.</summary>
    /// <param name="name">The activity's name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Retries, and the app that runs it.</param>
    /// <returns>A task that fails with <see cref="WorkflowTaskFailedException"/> when the activity fails.</returns>
    public virtual Task CallActivityAsync(string name, object? input = null, WorkflowTaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    /// <summary>Calls an activity.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="name">The activity's name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Retries, and the app that runs it.</param>
    /// <returns>A task that fails with <see cref="WorkflowTaskFailedException"/> when the activity fails.</returns>
    public abstract Task<T> CallActivityAsync<T>(string name, object? input = null, WorkflowTaskOptions? options = null);

    /// <summary>Makes a durable timer.</summary>
    /// <param name="delay">How long from <see cref="CurrentUtcDateTime"/>; zero or less fires at once.</param>
    /// <param name="cancellationToken">Cancels the task, not the timer in the sidecar.</param>
    /// <returns>A task that ends when the timer fires.</returns>
    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken = default) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>Makes a durable timer.</summary>
    /// <param name="fireAt">When, UTC; a time in the past fires at once.</param>
    /// <param name="cancellationToken">Cancels the task, not the timer in the sidecar.</param>
    /// <returns>A task that ends when the timer fires.</returns>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>Waits for an event, without end.</summary>
    /// <typeparam name="T">The type of its payload.</typeparam>
    /// <param name="eventName">The event's name, in any case.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The payload. Events that came earlier are kept and answered in order.</returns>
    public abstract Task<T> WaitForExternalEventAsync<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits for an event.</summary>
    /// <typeparam name="T">The type of its payload.</typeparam>
    /// <param name="eventName">The event's name, in any case.</param>
    /// <param name="timeout">How long; zero doesn't wait at all, a negative value waits without end.</param>
    /// <returns>The payload; fails with <see cref="TaskCanceledException"/> when the time is over first.</returns>
    public virtual Task<T> WaitForExternalEventAsync<T>(string eventName, TimeSpan timeout) =>
        throw new NotSupportedException("This context cannot wait for an event with a time-out.");

    /// <summary>Sends an event to another instance. Dapr's sidecar (1.18) does not carry this out: raise events from an activity.</summary>
    /// <param name="instanceId">The receiver.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="payload">Its payload.</param>
    public abstract void SendEvent(string instanceId, string eventName, object payload);

    /// <summary>Sets what clients see as the instance's custom status after this turn.</summary>
    /// <param name="customStatus">Any serialisable value; <see langword="null"/> sends none.</param>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Runs another workflow as a child and waits for its result.</summary>
    /// <typeparam name="TResult">The type of its result.</typeparam>
    /// <param name="workflowName">The child's workflow name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">The child's instance id, retries, and the app that runs it.</param>
    /// <returns>A task that fails with <see cref="WorkflowTaskFailedException"/> when the child does not complete.</returns>
    public abstract Task<TResult> CallChildWorkflowAsync<TResult>(
        string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null);

    /// <summary>Runs another workflow as a child that has no result.</summary>
    /// <param name="workflowName">The child's workflow name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">The child's instance id, retries, and the app that runs it.</param>
    /// <returns>A task that fails with <see cref="WorkflowTaskFailedException"/> when the child does not complete.</returns>
    public virtual Task CallChildWorkflowAsync(string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null) =>
        CallChildWorkflowAsync<object>(workflowName, input, options);

    /// <summary>Makes a logger that is silent while replaying.</summary>
    /// <param name="categoryName">The logger's category.</param>
    /// <returns>The logger.</returns>
    public abstract ILogger CreateReplaySafeLogger(string categoryName);

    /// <summary>Makes a logger that is silent while replaying.</summary>
    /// <param name="type">The type that names the category.</param>
    /// <returns>The logger.</returns>
    public abstract ILogger CreateReplaySafeLogger(Type type);

    /// <summary>Makes a logger that is silent while replaying.</summary>
    /// <typeparam name="T">The type that names the category.</typeparam>
    /// <returns>The logger.</returns>
    public abstract ILogger CreateReplaySafeLogger<T>();

    /// <summary>
    /// Ends this run and starts the instance anew with an empty history. Return right after; what was scheduled in the same
    /// turn is never run.
    /// </summary>
    /// <param name="newInput">The input of the next run.</param>
    /// <param name="preserveUnprocessedEvents">Whether events that nobody waited for go along.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>Makes an identifier that is the same in every replay.</summary>
    /// <returns>The identifier. With a sidecar up to 1.18.3 the sequence starts anew after <see cref="ContinueAsNew"/>.</returns>
    public abstract Guid NewGuid();

    /// <summary>The history that the caller passed along, if any. This library never has one; the official package may.</summary>
    /// <returns>The caller's history or <see langword="null"/>.</returns>
    public abstract PropagatedHistory? GetPropagatedHistory();
}
