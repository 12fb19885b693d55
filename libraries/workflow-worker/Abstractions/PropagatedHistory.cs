namespace Dapr.Workflow;

/// <summary>A caller's history, as far as it was passed along. Here for source compatibility: this library never makes one.</summary>
public sealed class PropagatedHistory
{
    internal PropagatedHistory()
    {
    }
}
