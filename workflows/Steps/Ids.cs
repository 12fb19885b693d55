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

    /// <summary>A cluster within a rollout: its name as far as it goes, and a hash that tells it from its namesakes.</summary>
    public static string Cluster(ClusterRef cluster) => $"{Part(cluster.Name)}-{Hash(cluster.ToString())}";

    public static string ClusterInstall(RolloutRun run, ClusterRef cluster) => $"{run}-{Cluster(cluster)}";

    /// <summary>The n-th compensation of whatever this is the id of.</summary>
    public static string Compensation(string id, int number) => string.Create(CultureInfo.InvariantCulture, $"{id}-c{number}");

    /// <summary>A batch of a rollout or of its undo.</summary>
    public static string Batch(string id, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{id}-batch-{number}-{Hash(string.Create(CultureInfo.InvariantCulture, $"{id}/{number}"))}");

    /// <summary>The n-th long wait of a workflow.</summary>
    public static string Wait(string id, int number) => string.Create(CultureInfo.InvariantCulture, $"{id}-w{number}");

    public static string Scope(ClusterRef cluster) => $"cluster/{cluster}";

    private static string Part(string name)
    {
        var mapped = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        return mapped.Length > MaxPart ? mapped[..MaxPart] : mapped;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
