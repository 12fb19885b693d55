namespace MeshWorkflow.Sidecar.Looks;

/// <summary>Something that a workflow instance waits for.</summary>
/// <param name="For">What for.</param>
/// <param name="What">Its name: the activity's, the event's, the child's id.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">When the wait ends by itself; null: it doesn't.</param>
/// <param name="App">Who has to act: the app whose worker is to run it; null: nobody, or whoever raises the event.</param>
public sealed record WorkflowWait(WaitReason For, string What, DateTimeOffset? Since, DateTimeOffset? Until, string? App);

/// <summary>What a workflow instance can wait for.</summary>
public enum WaitReason
{
    /// <summary>For a worker to take its next turn.</summary>
    Turn,

    /// <summary>For an activity's result.</summary>
    Activity,

    /// <summary>For a time.</summary>
    Timer,

    /// <summary>For an event that somebody raises.</summary>
    Event,

    /// <summary>For a child workflow's end.</summary>
    Child,

    /// <summary>For the next attempt of an activity or a child that failed.</summary>
    Retry,

    /// <summary>For its scheduled start.</summary>
    Start,

    /// <summary>For somebody to resume it.</summary>
    Resumption,

    /// <summary>For somebody to mend what it stalled on.</summary>
    Repair,
}
