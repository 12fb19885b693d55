namespace MeshWorkflow.Sidecar.Looks;

/// <summary>A workflow instance and what it waits for.</summary>
/// <param name="App">Whose it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its workflow; empty while its first turn is to come.</param>
/// <param name="Status">Where it is.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="CustomStatus">What its code says of itself.</param>
/// <param name="Parent">The id of the workflow that started it.</param>
/// <param name="Turns">How many turns it has had since it began or continued as new.</param>
/// <param name="HistorySize">What its history weighs, bytes.</param>
/// <param name="Waits">What it waits for, the oldest first; empty when it has ended.</param>
public sealed record WorkflowDetails(
    string App,
    string Id,
    string Name,
    string Status,
    DateTimeOffset CreatedAt,
    string? CustomStatus,
    string? Parent,
    int Turns,
    long HistorySize,
    IReadOnlyList<WorkflowWait> Waits);

/// <summary>One event of a history.</summary>
/// <param name="Id">Its number, or -1: nothing refers to it.</param>
/// <param name="At">When.</param>
/// <param name="Type">What kind.</param>
/// <param name="Text">What it is about: a name, an id, a failure. No payloads.</param>
public sealed record WorkflowHistoryLine(int Id, DateTimeOffset At, string Type, string Text);
