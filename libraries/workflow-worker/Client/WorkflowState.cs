using Dapr.Common.Serialization;
using Wire = MeshWorkflow.WorkflowContracts;

namespace Dapr.Workflow;

/// <summary>What the sidecar knows of one instance.</summary>
public sealed class WorkflowState
{
    private readonly Wire.WorkflowState? _state;
    private readonly IDaprSerializer _serializer;

    internal WorkflowState(Wire.WorkflowState? state, IDaprSerializer serializer)
    {
        _state = state;
        _serializer = serializer;
    }

    /// <summary>The workflow's name; empty while the instance is pending.</summary>
    public string? WorkflowName => _state?.Name;

    /// <summary>Whether there is such an instance.</summary>
    public bool Exists => _state is not null;

    /// <summary>Whether its status is <see cref="WorkflowRuntimeStatus.Running"/>.</summary>
    public bool IsWorkflowRunning => RuntimeStatus is WorkflowRuntimeStatus.Running;

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool IsWorkflowCompleted =>
        RuntimeStatus is WorkflowRuntimeStatus.Completed or WorkflowRuntimeStatus.Failed or WorkflowRuntimeStatus.Terminated;

    /// <summary>When it was made; the year 1 while it is pending or does not exist.</summary>
    public DateTimeOffset CreatedAt => _state?.CreatedTimestamp?.ToDateTimeOffset() ?? default;

    /// <summary>The time of its last event; the year 1 when it does not exist.</summary>
    public DateTimeOffset LastUpdatedAt => _state?.LastUpdatedTimestamp?.ToDateTimeOffset() ?? default;

    /// <summary>Its status.</summary>
    public WorkflowRuntimeStatus RuntimeStatus =>
        _state is null || !Enum.IsDefined((WorkflowRuntimeStatus)_state.WorkflowStatus)
            ? WorkflowRuntimeStatus.Unknown
            : (WorkflowRuntimeStatus)_state.WorkflowStatus;

    /// <summary>Why it failed, if it did and payloads were asked for.</summary>
    public WorkflowTaskFailureDetails? FailureDetails =>
        _state?.FailureDetails is { } failure
            ? new WorkflowTaskFailureDetails(failure.ErrorType, failure.ErrorMessage, failure.StackTrace)
            : null;

    /// <summary>Its input.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <returns>The input, or <see langword="default"/> when there is none or payloads were not asked for.</returns>
    public T? ReadInputAs<T>() => Read<T>(_state?.Input);

    /// <summary>Its result.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <returns>The result, or <see langword="default"/> when there is none or payloads were not asked for.</returns>
    public T? ReadOutputAs<T>() => Read<T>(_state?.Output);

    /// <summary>Its custom status.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <returns>The status, or <see langword="default"/> when there is none or payloads were not asked for.</returns>
    public T? ReadCustomStatusAs<T>() => Read<T>(_state?.CustomStatus);

    private T? Read<T>(string? payload) => string.IsNullOrEmpty(payload) ? default : _serializer.Deserialize<T>(payload);
}
