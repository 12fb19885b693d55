using System.Globalization;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Control;

/// <summary>Reads and writes what people want of rollouts.</summary>
internal sealed class Controls(Documents documents)
{
    /// <summary>The event that tells whoever waits that the wishes have reached a version. Its loss is harmless.</summary>
    public static string EventOf(int version) => string.Create(CultureInfo.InvariantCulture, $"control-{version}");

    public async Task<ControlDocument> ReadAsync(RolloutRun run, CancellationToken cancellationToken) =>
        await documents.GetAsync(Documents.Control(run.ToString()), ReadModelJson.Default.ControlDocument, cancellationToken) ?? new ControlDocument();

    public async Task<Wish?> WishAsync(RolloutRun run, CancellationToken cancellationToken) => (await ReadAsync(run, cancellationToken)).Wish;

    /// <summary>Lets nobody want anything more, as the rollout ends.</summary>
    /// <returns>What was wanted until then.</returns>
    public Task<ControlDocument> CloseAsync(RolloutRun run, CancellationToken cancellationToken) =>
        ChangeAsync(run.ToString(), control => control with { IsClosed = true }, cancellationToken);

    /// <summary>Changes what is wanted; null from the change leaves it, and so does the end of the rollout.</summary>
    public async Task<ControlDocument> ChangeAsync(
        string run, Func<ControlDocument, ControlDocument?> change, CancellationToken cancellationToken)
    {
        var now = new ControlDocument();
        await documents.UpdateAsync(
            Documents.Control(run),
            ReadModelJson.Default.ControlDocument,
            found =>
            {
                now = found ?? new ControlDocument();
                if (now.IsClosed || change(now) is not { } next)
                {
                    return null;
                }

                now = next with { Version = now.Version + 1 };
                return now;
            },
            cancellationToken);
        return now;
    }
}
