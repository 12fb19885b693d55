namespace Dapr.Workflow;

/// <summary>How much of its own history a workflow passes to what it calls.</summary>
public enum HistoryPropagationScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The caller's own history.</summary>
    OwnHistory = 1,

    /// <summary>The caller's own history and what its callers passed to it.</summary>
    Lineage = 2,
}
