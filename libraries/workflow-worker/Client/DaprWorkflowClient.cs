using Dapr.Common.Serialization;
using Dapr.Workflow.Client;
using Dapr.Workflow.Connection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow;

/// <inheritdoc cref="IDaprWorkflowClient"/>
public sealed class DaprWorkflowClient : IDaprWorkflowClient
{
    private static readonly TimeSpan FirstReconnectDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestReconnectDelay = TimeSpan.FromSeconds(15);

    private readonly Wire.TaskHubSidecarService.TaskHubSidecarServiceClient _sidecar;
    private readonly IDaprSerializer _serializer;
    private readonly TimeProvider _time;
    private readonly IDisposable? _owned;

    internal DaprWorkflowClient(CallInvoker sidecar, IDaprSerializer serializer, TimeProvider time, IDisposable? owned = null)
    {
        _sidecar = new Wire.TaskHubSidecarService.TaskHubSidecarServiceClient(sidecar);
        _serializer = serializer;
        _time = time;
        _owned = owned;
    }

    /// <inheritdoc/>
    public Task<string> ScheduleNewWorkflowAsync(string name, string? instanceId = null, object? input = null) =>
        ScheduleNewWorkflowAsync(name, instanceId, input, (DateTimeOffset?)null);

    /// <inheritdoc/>
    public Task<string> ScheduleNewWorkflowAsync(string name, string? instanceId, object? input, DateTime? startTime) =>
        ScheduleNewWorkflowAsync(name, instanceId, input, startTime is { } time ? new DateTimeOffset(time) : null);

    /// <inheritdoc/>
    public async Task<string> ScheduleNewWorkflowAsync(
        string name, string? instanceId, object? input, DateTimeOffset? startTime, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var request = new Wire.CreateInstanceRequest
        {
            InstanceId = instanceId ?? RandomIds.New(),
            Name = name,
            Input = Serialize(input),
            ScheduledStartTimestamp = startTime?.ToTimestamp(),
        };
        var reply = await _sidecar.StartInstanceAsync(request, cancellationToken: cancellation);
        return reply.InstanceId;
    }

    /// <inheritdoc/>
    public async Task<WorkflowState> GetWorkflowStateAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default)
    {
        var reply = await _sidecar.GetInstanceAsync(InstanceRequest(instanceId, getInputsAndOutputs), cancellationToken: cancellation);
        return new WorkflowState(reply.Exists ? reply.WorkflowState : null, _serializer);
    }

    /// <inheritdoc/>
    public Task<WorkflowState> WaitForWorkflowStartAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default) =>
        WaitAsync(
            instanceId,
            getInputsAndOutputs,
            (request, token) => _sidecar.WaitForInstanceStartAsync(request, cancellationToken: token),
            cancellation);

    /// <inheritdoc/>
    public Task<WorkflowState> WaitForWorkflowCompletionAsync(
        string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellation = default) =>
        WaitAsync(
            instanceId,
            getInputsAndOutputs,
            (request, token) => _sidecar.WaitForInstanceCompletionAsync(request, cancellationToken: token),
            cancellation);

    /// <inheritdoc/>
    public async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var request = new Wire.RaiseEventRequest { InstanceId = instanceId, Name = eventName, Input = Serialize(eventPayload) };
        await _sidecar.RaiseEventAsync(request, cancellationToken: cancellation);
    }

    /// <inheritdoc/>
    public async Task TerminateWorkflowAsync(string instanceId, object? output = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Wire.TerminateRequest { InstanceId = instanceId, Output = Serialize(output), Recursive = true };
        await _sidecar.TerminateInstanceAsync(request, cancellationToken: cancellation);
    }

    /// <inheritdoc/>
    public async Task SuspendWorkflowAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Wire.SuspendRequest { InstanceId = instanceId, Reason = reason ?? "" };
        await _sidecar.SuspendInstanceAsync(request, cancellationToken: cancellation);
    }

    /// <inheritdoc/>
    public async Task ResumeWorkflowAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Wire.ResumeRequest { InstanceId = instanceId, Reason = reason ?? "" };
        await _sidecar.ResumeInstanceAsync(request, cancellationToken: cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Wire.PurgeInstancesRequest { InstanceId = instanceId, Recursive = true };
        var reply = await _sidecar.PurgeInstancesAsync(request, cancellationToken: cancellation);
        return reply.DeletedInstanceCount > 0;
    }

    /// <inheritdoc/>
    public async Task<WorkflowInstancePage> ListInstanceIdsAsync(
        string? continuationToken = null, int? pageSize = null, CancellationToken cancellation = default)
    {
        var request = new Wire.ListInstanceIDsRequest();
        if (continuationToken is not null)
        {
            request.ContinuationToken = continuationToken;
        }

        if (pageSize is { } size)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(pageSize));
            request.PageSize = (uint)size;
        }

        var reply = await _sidecar.ListInstanceIDsAsync(request, cancellationToken: cancellation);
        return new WorkflowInstancePage([.. reply.InstanceIds], reply.HasContinuationToken ? reply.ContinuationToken : null);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WorkflowHistoryEvent>> GetInstanceHistoryAsync(
        string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var request = new Wire.GetInstanceHistoryRequest { InstanceId = instanceId };
        var reply = await _sidecar.GetInstanceHistoryAsync(request, cancellationToken: cancellation);
        return [.. reply.Events.Select(HistoryEventTypes.ToPublic)];
    }

    /// <inheritdoc/>
    public async Task<string> RerunWorkflowFromEventAsync(
        string sourceInstanceId,
        uint eventId,
        RerunWorkflowFromEventOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceInstanceId);
        if (options is { Input: not null, OverwriteInput: false })
        {
            throw new ArgumentException(
                "There is an input, but OverwriteInput is false. Set it to true, or leave the input out.", nameof(options));
        }

        var request = new Wire.RerunWorkflowFromEventRequest { SourceInstanceID = sourceInstanceId, EventID = eventId };
        if (options?.NewInstanceId is { } newInstanceId)
        {
            request.NewInstanceID = newInstanceId;
        }

        if (options is { OverwriteInput: true })
        {
            request.OverwriteInput = true;
            request.Input = Serialize(options.Input);
        }

        var reply = await _sidecar.RerunWorkflowFromEventAsync(request, cancellationToken: cancellation);
        return reply.NewInstanceID;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // Waits without payloads, so that one large result isn't sent once per reconnection.
    private async Task<WorkflowState> WaitAsync(
        string instanceId,
        bool getInputsAndOutputs,
        Func<Wire.GetInstanceRequest, CancellationToken, AsyncUnaryCall<Wire.GetInstanceResponse>> wait,
        CancellationToken cancellation)
    {
        var request = InstanceRequest(instanceId, getInputsAndOutputs: false);
        var delay = FirstReconnectDelay;
        while (true)
        {
            try
            {
                var reply = await wait(request, cancellation);
                if (!reply.Exists)
                {
                    throw new InvalidOperationException($"There is no workflow instance '{instanceId}'.");
                }

                return getInputsAndOutputs
                    ? await GetWorkflowStateAsync(instanceId, getInputsAndOutputs: true, cancellation)
                    : new WorkflowState(reply.WorkflowState, _serializer);
            }
            catch (RpcException exception) when (
                exception.StatusCode is StatusCode.Cancelled && cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException("Nobody waits for the instance any more.", exception, cancellation);
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                await Task.Delay(delay, _time, cancellation);
                delay = delay * 2 < LongestReconnectDelay ? delay * 2 : LongestReconnectDelay;
            }
        }
    }

    private static Wire.GetInstanceRequest InstanceRequest(string instanceId, bool getInputsAndOutputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new Wire.GetInstanceRequest { InstanceId = instanceId, GetInputsAndOutputs = getInputsAndOutputs };
    }

    // No value goes as the empty string, as the official client sends it.
    private string Serialize(object? value) => value is null ? "" : _serializer.Serialize(value);
}
