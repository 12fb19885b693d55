using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>What the product itself changed, by the sandbox's journal.</summary>
internal static class Writes
{
    private const string Created = "created ";

    // What each step writes first and takes back last, in the order of the runbook.
    private static readonly (string Step, Func<string, bool> Is)[] Marks =
    [
        ("fleet-membership", resource => resource.StartsWith("//gkehub.", StringComparison.Ordinal)),
        ("mesh-namespace", resource => resource.EndsWith("/k8s/namespaces/istio-system", StringComparison.Ordinal)),
        ("control-plane", resource => resource.EndsWith("/namespaces/istio-system/apps/deployments/istiod-asm-1233-2", StringComparison.Ordinal)),
        ("ingress-gateway", resource => resource.EndsWith("/namespaces/istio-ingress/apps/deployments/istio-ingressgateway", StringComparison.Ordinal)),
    ];

    public static string NameOf(WorldCluster cluster) => $"//container.googleapis.com/projects/{cluster.Project}/locations/{cluster.Location}/clusters/{cluster.Name}";

    /// <summary>The calls of the product that changed something of a cluster, its Lease aside; numbered as in the journal.</summary>
    public static IReadOnlyList<JournalEntry> Of(WorldCluster cluster, IEnumerable<JournalEntry> journal, string installer) =>
    [
        .. journal.Where(entry => entry.Principal == installer && entry.Effects.Count > 0
            && !entry.Method.EndsWith(" leases", StringComparison.Ordinal)
            && IsOf(cluster, entry.Resource)),
    ];

    /// <summary>Which steps' marks were made, in the order in which they were made first.</summary>
    public static IReadOnlyList<string> Made(IEnumerable<JournalEntry> writes) => Steps(writes.SelectMany(entry => entry.Effects)
        .Where(effect => effect.StartsWith(Created, StringComparison.Ordinal)).Select(effect => effect[Created.Length..]));

    /// <summary>Which steps' marks the product took back, in the order in which it did so last. What goes by and by is taken back when it is told to go.</summary>
    public static IReadOnlyList<string> TakenBack(WorldCluster cluster, IEnumerable<JournalEntry> journal, string installer) =>
    [
        .. Steps(journal.Where(entry => entry.Principal == installer && IsOf(cluster, entry.Resource)
            && (entry.Method == "memberships.delete" || entry.Method.StartsWith("delete ", StringComparison.Ordinal))
            && (entry.Status == 200 || entry.Effects.Count > 0)).Select(entry => entry.Resource).Reverse()).AsEnumerable().Reverse(),
    ];

    /// <summary>Where a step stands in the runbook.</summary>
    public static int Place(string step) => Array.FindIndex(Marks, mark => mark.Step == step);

    private static bool IsOf(WorldCluster cluster, string resource) =>
        $"{resource}/".StartsWith($"{NameOf(cluster)}/", StringComparison.Ordinal)
        || (resource.StartsWith("//gkehub.", StringComparison.Ordinal) && resource.EndsWith($"/memberships/{cluster.Name}", StringComparison.Ordinal));

    private static List<string> Steps(IEnumerable<string> resources) =>
        [.. resources.Select(resource => Array.Find(Marks, mark => mark.Is(resource)).Step).Where(step => step is not null).Distinct()];
}
