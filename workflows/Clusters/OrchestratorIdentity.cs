using System.Security.Cryptography;
using System.Text;
using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Clusters;

/// <summary>Which orchestrator this is, to others that see its Leases: a random name, made once and kept with the state.</summary>
internal sealed class OrchestratorIdentity(MeshState state)
{
    private const string Key = "orchestrator";
    private string? _id;

    /// <summary>How a Lease names a run of this orchestrator.</summary>
    public async Task<string> HolderAsync(RolloutRun run, CancellationToken cancellationToken) =>
        $"{_id ??= await IdAsync(cancellationToken)}/{run}";

    private async Task<string> IdAsync(CancellationToken cancellationToken)
    {
        var made = $"meshworkflow-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        await state.CreateAsync(Key, Encoding.UTF8.GetBytes(made), cancellationToken);
        return await state.GetAsync(Key, cancellationToken) is { } kept
            ? Encoding.UTF8.GetString(kept.Value.Span)
            : throw new InvalidOperationException($"The state does not keep '{Key}'. Is the state store's consistency strong?");
    }
}
