namespace Dapr.Workflow;

/// <summary>What state an instance is in.</summary>
public enum WorkflowRuntimeStatus
{
    /// <summary>No such instance, or a state that this library does not know.</summary>
    Unknown = -1,

    /// <summary>Running.</summary>
    Running = 0,

    /// <summary>Ended with a result.</summary>
    Completed = 1,

    /// <summary>Never seen by clients.</summary>
    ContinuedAsNew = 2,

    /// <summary>Ended with a failure.</summary>
    Failed = 3,

    /// <summary>Never seen by clients.</summary>
    Canceled = 4,

    /// <summary>Ended from outside.</summary>
    Terminated = 5,

    /// <summary>Accepted, not started yet.</summary>
    Pending = 6,

    /// <summary>Held until it is resumed.</summary>
    Suspended = 7,

    /// <summary>Unable to go on until what stops it is mended: a history that is too large, a patch or version that the worker lacks.</summary>
    Stalled = 8,
}
