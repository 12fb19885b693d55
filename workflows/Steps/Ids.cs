using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>
/// The ids of workflow instances: at most 63 characters of <c>[a-z0-9-]</c>, each used once, each derivable from what it stands
/// for.
/// </summary>
internal static class Ids
{
    private const int MaxPart = 20;

    // Shorter: its kind stands in front, and the number of an undo and of a wait behind.
    private const int MaxShared = 12;

    /// <summary>A cluster within a rollout: its name as far as it goes, and a hash that tells it from its namesakes.</summary>
    public static string Cluster(ClusterRef cluster) => $"{Part(cluster.Name)}-{Hash(cluster.ToString())}";

    public static string ClusterInstall(RolloutRun run, ClusterRef cluster) => $"{run}-{Cluster(cluster)}";

    /// <summary>The wait for a cluster that does not answer in preflight.</summary>
    public static string Preflight(RolloutRun run, ClusterRef cluster) => $"{ClusterInstall(run, cluster)}-p";

    /// <summary>The n-th compensation of whatever this is the id of.</summary>
    public static string Compensation(string id, int number) => string.Create(CultureInfo.InvariantCulture, $"{id}-c{number}");

    /// <summary>A batch of a rollout or of its undo.</summary>
    public static string Batch(string id, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{id}-batch-{number}-{Hash(string.Create(CultureInfo.InvariantCulture, $"{id}/{number}"))}");

    /// <summary>A stage of a rollout, from 0.</summary>
    public static string Stage(RolloutRun run, int stage) => Part(run, "stage", (stage + 1).ToString(CultureInfo.InvariantCulture));

    /// <summary>What stands behind a stage until somebody approves, or until it has been left alone for long enough.</summary>
    public static string Gate(string stageId) => $"{stageId}-gate";

    /// <summary>What stands behind a stage until it has been left alone for long enough, where somebody must approve afterwards.</summary>
    public static string Soak(string stageId) => $"{stageId}-soak";

    /// <summary>The n-th long wait of a workflow.</summary>
    public static string Wait(string id, int number) => string.Create(CultureInfo.InvariantCulture, $"{id}-w{number}");

    /// <summary>A part of a rollout: a stage, a scope, preflight.</summary>
    public static string Part(RolloutRun run, string kind, string name) => $"{run}-{kind}-{Part(name, MaxShared)}-{Hash(name)}";

    /// <summary>The workflow that installs on a cluster, or prepares what clusters share.</summary>
    public static string Install(RolloutRun run, StepScope scope) =>
        scope.IsShared ? Part(run, "scope", scope.Name) : ClusterInstall(run, scope.Cluster);

    /// <summary>The workflow by which a cluster prepares what could not be prepared before.</summary>
    public static string Late(RolloutRun run, StepScope scope, StepScope cluster) => $"{run}-late-{Part(scope.Name, MaxShared)}-{Hash($"{scope}|{cluster}")}";

    /// <summary>A scope within a rollout.</summary>
    public static string Key(StepScope scope) => scope.IsShared ? $"{Part(scope.Name)}-{Hash(scope.ToString())}" : Cluster(scope.Cluster);

    private static string Part(string name, int longest = MaxPart)
    {
        var mapped = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        return mapped.Length > longest ? mapped[..longest] : mapped;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
