using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>An event that has arrived and that no turn has taken in yet.</summary>
/// <param name="position">Its place in the order of arrival.</param>
/// <param name="historyEvent">The event.</param>
/// <param name="isDurable">Whether it is on disk.</param>
internal sealed class InboxEvent(long position, HistoryEvent historyEvent, bool isDurable)
{
    public long Position { get; } = position;

    public HistoryEvent Event { get; } = historyEvent;

    public bool IsDurable { get; set; } = isDurable;

    /// <summary>
    /// Whether turns may see it: it is on its way to the disk, ahead of whatever follows from it. What follows is not stored if it
    /// gets lost.
    /// </summary>
    public bool IsQueued { get; set; } = isDurable;

    /// <summary>Whether it could not be stored.</summary>
    public bool IsLost { get; set; }
}
