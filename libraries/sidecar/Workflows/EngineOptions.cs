using MeshWorkflow.Sidecar.Hosting;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>Limits of the workflow engine.</summary>
/// <param name="MaxMessageSize">The largest message, bytes. A history near it stalls its instance.</param>
/// <param name="Retention">How long ended instances are kept.</param>
/// <param name="Limits">How much of everything there may be.</param>
/// <param name="Dispatch">When activities are given to workers.</param>
internal sealed record EngineOptions(int MaxMessageSize, WorkflowRetention Retention, SidecarLimits Limits, ActivityDispatch Dispatch)
{
    /// <summary>What a turn may weigh: the message limit less a margin, as daprd has it.</summary>
    public long MaxTurnSize => MaxMessageSize * 95L / 100;
}
