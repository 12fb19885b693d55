namespace MeshWorkflow.Sidecar.Looks;

/// <summary>A workflow instance, as the state file has it.</summary>
/// <param name="App">Whose it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its workflow.</param>
/// <param name="Status">Where it is: <c>Running</c>, <c>Stalled</c>, ….</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="UpdatedAt">When its last turn was stored.</param>
/// <param name="OpenActivities">How many activities it waits for.</param>
/// <param name="OpenTimers">How many timers that will fire it waits for.</param>
/// <param name="Unread">How many events no turn has taken in yet.</param>
public sealed record WorkflowSummary(
    string App,
    string Id,
    string Name,
    string Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int OpenActivities,
    int OpenTimers,
    int Unread);
