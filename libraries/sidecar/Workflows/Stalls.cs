using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What keeps an instance from going on until somebody mends it.</summary>
internal static class Stalls
{
    /// <summary>Whether a worker's answer shows that this worker is not the one to go on; null: it is.</summary>
    public static ExecutionStalledEvent? Find(Execution execution, WorkflowResponse response, EngineOptions options)
    {
        if (response.Actions.Any(action => action.WorkflowVersionNotAvailable is not null))
        {
            return Stall(StalledReason.VersionNotAvailable, "The worker does not have the version that this instance runs with.");
        }

        if (response.Actions.FirstOrDefault(action => action.ScheduleTask?.CalculateSize() > options.MaxTurnSize) is { } large)
        {
            return Stall(
                StalledReason.PayloadSizeExceeded,
                $"The call of activity '{large.ScheduleTask.Name}' weighs {large.ScheduleTask.CalculateSize()} bytes; it may weigh {options.MaxTurnSize}. Raise the sidecar's message limit, and keep payloads small.");
        }

        // A worker that did not run the code (a suspended instance) says nothing of patches.
        var ran = response.Actions.Count > 0 || response.Version is not null;
        var patches = response.Version?.Patches ?? [];
        return ran && !patches.Take(execution.Patches.Count).SequenceEqual(execution.Patches)
            ? Stall(
                StalledReason.PatchMismatch,
                $"The instance runs with the patches [{string.Join(", ", execution.Patches)}], but the worker's code has [{string.Join(", ", patches)}].")
            : null;
    }

    public static ExecutionStalledEvent TooLarge(long size, EngineOptions options) => Stall(
        StalledReason.PayloadSizeExceeded,
        $"The history weighs {size} bytes; a turn may weigh {options.MaxTurnSize}. Raise the sidecar's message limit, and keep payloads small.");

    private static ExecutionStalledEvent Stall(StalledReason reason, string description) =>
        new() { Reason = reason, Description = description };
}
