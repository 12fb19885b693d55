namespace Dapr.Workflow.Client;

/// <summary>The kinds of events in a history. "SubOrchestration" is a child workflow, "Orchestrator" a turn.</summary>
public enum WorkflowHistoryEventType
{
    /// <summary>A kind that this library does not know.</summary>
    Unknown = 0,

    /// <summary>The instance was started.</summary>
    ExecutionStarted = 1,

    /// <summary>The instance ended.</summary>
    ExecutionCompleted = 2,

    /// <summary>The instance was told to end.</summary>
    ExecutionTerminated = 3,

    /// <summary>An activity was called.</summary>
    TaskScheduled = 4,

    /// <summary>An activity ended with a result.</summary>
    TaskCompleted = 5,

    /// <summary>An activity failed.</summary>
    TaskFailed = 6,

    /// <summary>A child was started.</summary>
    SubOrchestrationInstanceCreated = 7,

    /// <summary>A child ended with a result.</summary>
    SubOrchestrationInstanceCompleted = 8,

    /// <summary>A child did not complete.</summary>
    SubOrchestrationInstanceFailed = 9,

    /// <summary>A timer was made.</summary>
    TimerCreated = 10,

    /// <summary>A timer fired.</summary>
    TimerFired = 11,

    /// <summary>A turn began.</summary>
    OrchestratorStarted = 12,

    /// <summary>A turn ended.</summary>
    OrchestratorCompleted = 13,

    /// <summary>An event was sent.</summary>
    EventSent = 14,

    /// <summary>An event came in.</summary>
    EventRaised = 15,

    /// <summary>Never written by Dapr.</summary>
    GenericEvent = 16,

    /// <summary>Never written by Dapr.</summary>
    HistoryState = 17,

    /// <summary>The instance continued as new.</summary>
    ContinueAsNew = 18,

    /// <summary>The instance was suspended.</summary>
    ExecutionSuspended = 19,

    /// <summary>The instance was resumed.</summary>
    ExecutionResumed = 20,

    /// <summary>The instance stalled.</summary>
    ExecutionStalled = 21,
}
