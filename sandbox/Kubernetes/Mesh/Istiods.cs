using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;

namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>The istiods of a cluster.</summary>
internal sealed class Istiods(ClusterState cluster)
{
    public const string RevisionLabel = "istio.io/rev";

    /// <summary>The kind of the webhooks that inject proxies.</summary>
    public static readonly ResourceKind Injectors = BuiltinKinds.Find("admissionregistration.k8s.io", "mutatingwebhookconfigurations");

    private const string TagLabel = "istio.io/tag";
    private static readonly ResourceKind PodKind = BuiltinKinds.Find("", "pods");

    public static bool Is(JsonObject pod) =>
        pod.Label("app") == "istiod" && pod.Object("spec").Objects("containers").Any(container => container.Text("name") == "discovery");

    public static string RevisionOf(JsonObject node) => node.Label(RevisionLabel) ?? "default";

    /// <summary>What names of a revision end with.</summary>
    public static string Suffix(string revision) => revision == "default" ? "" : $"-{revision}";

    public IEnumerable<JsonObject> Ready() => cluster.Store.List(PodKind).Where(pod => Is(pod) && PodFacts.IsActive(pod) && PodFacts.IsReady(pod));

    /// <summary>Whether a ready istiod looks after what all of them share: one of the default revision's, else the first that there is.</summary>
    public bool IsLeader(JsonObject istiod)
    {
        var tagged = cluster.Store.List(Injectors).FirstOrDefault(found => found.Label(TagLabel) == "default")?.Label(RevisionLabel);
        var first = Ready()
            .OrderBy(pod => RevisionOf(pod) == (tagged ?? "default") ? 0 : 1)
            .ThenBy(pod => pod.Metadata().Text("creationTimestamp"), StringComparer.Ordinal)
            .ThenBy(pod => pod.Name(), StringComparer.Ordinal)
            .FirstOrDefault();
        return first is not null && first.Uid() == istiod.Uid();
    }

    /// <summary>A ready istiod that a Service stands for; null: there is none.</summary>
    public JsonObject? Behind(string ns, string service)
    {
        var found = cluster.Store.Find(BuiltinKinds.Find("", "services"), ns, service);
        var selector = found?.Object("spec").Entries("selector");
        return selector is null or { Count: 0 }
            ? null
            : Ready().FirstOrDefault(pod => pod.Namespace() == ns && selector.All(label => pod.Label(label.Key) == label.Value));
    }

    /// <summary>A map of a revision's configuration.</summary>
    public JsonObject? Map(string ns, string name) => cluster.Store.Find(BuiltinKinds.Find("", "configmaps"), ns, name)?.Object("data");
}
