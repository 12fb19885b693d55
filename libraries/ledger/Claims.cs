using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Ledger;

/// <summary>
/// Which rollouts rely on what a step has changed in a scope that clusters share. A claim keeps the value from before the first
/// rollout of ours, and the set of those that rely on it; the last one to leave puts it back, whoever had changed it.
/// </summary>
/// <param name="state">The shared state.</param>
/// <param name="codec">How claims are written.</param>
public sealed class Claims(MeshState state, LedgerCodec codec)
{
    /// <summary>
    /// Joins a run to everything that a stored plan changes or relies on, before its first write: all of it, or nothing where
    /// something is being put back just then. Joined twice is joined once.
    /// </summary>
    /// <param name="app">The step's service.</param>
    /// <param name="entry">The stored plan.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The run that puts something of it back, which is to be waited for; <see langword="null"/>: it has joined.</returns>
    public async Task<string?> JoinAsync(string app, LedgerEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var run = LedgerKeys.Run(entry.Call.Rollout, entry.Call.Generation);
        string? busy = null;
        await ChangeAsync(
            entry.Call.Scope,
            entry.Call.Step,
            set =>
            {
                busy = set.Reverting(entry.Plan);
                if (busy is not null || !set.Join(run, entry.Plan))
                {
                    return false;
                }

                set.App = app;
                set.Spec = entry.Spec;
                return true;
            },
            cancellationToken);
        return busy;
    }

    /// <summary>
    /// Takes a run out of everything that it relies on. What nobody relies on any more is marked as being put back by it; asked
    /// again, the answer is the same, until <see cref="EndAsync"/>.
    /// </summary>
    /// <param name="scope">The scope.</param>
    /// <param name="step">The step.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>
    /// What the run is to put back: a plan to store as an attempt of its own and to revert. <see langword="null"/>: nothing.
    /// </returns>
    public async Task<ClaimedUndo?> LeaveAsync(string scope, string step, string run, CancellationToken cancellationToken)
    {
        ClaimSet? left = null;
        await ChangeAsync(
            scope,
            step,
            set =>
            {
                left = set;
                return set.Leave(run);
            },
            cancellationToken);
        return left?.Claims.Where(claim => claim.Reverting == run).ToList() is { Count: > 0 } emptied
            ? new ClaimedUndo(left.App, left.Spec, ClaimSets.UndoOf(emptied))
            : null;
    }

    /// <summary>Ends a run's putting back: the claims are gone, and whoever waits may join. What could not be put back is residue.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="step">The step.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is written.</returns>
    public Task EndAsync(string scope, string step, string run, CancellationToken cancellationToken) =>
        ChangeAsync(scope, step, set => set.Remove(run), cancellationToken);

    /// <summary>
    /// Gives up a run's putting back before it began: a cluster of the scope is still a member of the mesh, though no rollout says
    /// so. The claims stay, with their values from before, for whoever joins and leaves next.
    /// </summary>
    /// <param name="scope">The scope.</param>
    /// <param name="step">The step.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is written.</returns>
    public Task KeepAsync(string scope, string step, string run, CancellationToken cancellationToken) =>
        ChangeAsync(scope, step, set => set.Keep(run), cancellationToken);

    /// <summary>Reads who relies on what.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The claims.</returns>
    public async Task<ClaimSet> ReadAsync(string scope, string step, CancellationToken cancellationToken) =>
        Read((await state.GetAsync(LedgerKeys.Claims(scope, step), cancellationToken))?.Value);

    private Task ChangeAsync(string scope, string step, Func<ClaimSet, bool> change, CancellationToken cancellationToken) => state.UpdateAsync(
        LedgerKeys.Claims(scope, step),
        current =>
        {
            var set = Read(current);
            set.Step = step;
            if (!change(set))
            {
                return null;
            }

            return codec.Write(set);
        },
        cancellationToken);

    private ClaimSet Read(ReadOnlyMemory<byte>? value) => value is { } json ? codec.Read<ClaimSet>(json) : new ClaimSet();
}

/// <summary>What a run that has left is to put back.</summary>
/// <param name="App">The step's service.</param>
/// <param name="Spec">The spec to undo with.</param>
/// <param name="Plan">The changes, with the values from before the first rollout of ours.</param>
public sealed record ClaimedUndo(string App, Google.Protobuf.WellKnownTypes.Any Spec, Plan Plan);
