using System.Globalization;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Ledger;

/// <summary>The keys of what is shared. Stable: a ledger is read years later.</summary>
public static class LedgerKeys
{
    /// <summary>A rollout's generation, as in marks, keys and ids.</summary>
    /// <param name="rollout">The rollout's name.</param>
    /// <param name="generation">Its generation.</param>
    /// <returns><c>ROLLOUT-gN</c>.</returns>
    public static string Run(string rollout, int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{rollout}-g{generation}");

    /// <summary>Where the plan of one attempt lies.</summary>
    /// <param name="call">Which attempt.</param>
    /// <returns>The key.</returns>
    public static string Entry(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return string.Create(
            CultureInfo.InvariantCulture, $"ledger/{Run(call.Rollout, call.Generation)}/{call.Scope}/{call.Step}/{call.Attempt}");
    }

    /// <summary>Where the list of a generation's plans for one scope lies.</summary>
    /// <param name="run">The rollout's generation.</param>
    /// <param name="scope">The scope.</param>
    /// <returns>The key.</returns>
    public static string RunIndex(string run, string scope) => $"ledger/{run}/{scope}";

    /// <summary>Where the list of all generations that planned for a scope lies.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns>The key.</returns>
    public static string ScopeIndex(string scope) => $"ledger/{scope}";

    /// <summary>Where the claims on what a step has changed in a scope lie.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="step">The step's name.</param>
    /// <returns>The key.</returns>
    public static string Claims(string scope, string step) => $"claims/{scope}/{step}";

    /// <summary>Where a scope's epoch lies.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns>The key.</returns>
    public static string Epoch(string scope) => $"epoch/{scope}";

    /// <summary>Where a large body lies.</summary>
    /// <param name="digest">Its digest.</param>
    /// <returns>The key.</returns>
    public static string Blob(string digest) => $"blob/{digest}";
}
