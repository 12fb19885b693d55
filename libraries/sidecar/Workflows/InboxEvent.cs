using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>An event that has arrived and that no turn has taken in yet.</summary>
/// <param name="position">Its place in the order of arrival.</param>
/// <param name="historyEvent">The event.</param>
/// <param name="isDurable">Whether it is on disk. Before that no turn may see it.</param>
internal sealed class InboxEvent(long position, HistoryEvent historyEvent, bool isDurable)
{
    public long Position { get; } = position;

    public HistoryEvent Event { get; } = historyEvent;

    public bool IsDurable { get; set; } = isDurable;
}
