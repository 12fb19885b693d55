namespace Dapr.Workflow.Client;

/// <summary>One event of an instance's history.</summary>
/// <param name="EventId">The sequence number of what was scheduled; -1 for everything else.</param>
/// <param name="EventType">Its kind.</param>
/// <param name="Timestamp">When, UTC.</param>
public sealed record WorkflowHistoryEvent(int EventId, WorkflowHistoryEventType EventType, DateTime Timestamp);
