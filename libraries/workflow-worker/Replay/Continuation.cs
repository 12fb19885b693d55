namespace Dapr.Workflow.Replay;

/// <summary>How the instance goes on anew.</summary>
/// <param name="Id">The call's sequence number.</param>
/// <param name="Input">The next run's input.</param>
/// <param name="KeepEvents">Whether events that nobody waited for go along.</param>
internal sealed record Continuation(int Id, string Input, bool KeepEvents);
