using MeshWorkflow.Sidecar.Storage;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What all parts of the engine work on.</summary>
internal sealed record Runtime(
    Database Database, InstanceCache Instances, WorkHubs Hubs, TimerQueue Timers, EventClock Clock, ActiveInstances Active)
{
    /// <summary>How long until something that could not be stored, or was answered wrongly, is tried again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public void Later(Action action) => Timers.Add(Clock.Time.GetUtcNow() + RetryDelay, action);
}
