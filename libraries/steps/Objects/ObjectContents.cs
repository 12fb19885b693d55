using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>What lies in an object that holds others: in a namespace, or of a kind that a definition brings.</summary>
public static class ObjectContents
{
    private const int Named = 5;

    // Kubernetes and istiod put these into every namespace.
    private static readonly string[] ByProducts =
        ["serviceaccounts/default", "configmaps/kube-root-ca.crt", "configmaps/istio-ca-root-cert"];

    /// <summary>What is somebody else's of what was found, without what goes by itself.</summary>
    /// <param name="contents">What is in a namespace.</param>
    /// <param name="name">The namespace.</param>
    /// <param name="isExpected">What else comes by itself, as <c>resource/name</c>.</param>
    /// <returns>The others, as <c>resource/name</c>.</returns>
    /// <exception cref="WaitException">Only what has owners is left: it is on its way out with them.</exception>
    public static IReadOnlyList<string> Foreign(IEnumerable<NamespaceContent> contents, string name, Func<string, bool>? isExpected = null)
    {
        var left = contents.Where(content => !ByProducts.Contains(content.Name) && isExpected?.Invoke(content.Name) is not true).ToList();
        var foreign = left.Where(content => !content.IsOwned).Select(content => content.Name).ToList();
        return foreign.Count > 0 || left.Count == 0
            ? foreign
            : throw new WaitException($"what is left in namespace {name} goes with its owners: {string.Join(", ", left.Take(Named).Select(one => one.Name))}");
    }

    /// <exception cref="WaitException">What is in it is on its way out.</exception>
    internal static async Task<IReadOnlyList<string>> ForeignAsync(
        ObjectClient client, ObjectRef target, JsonObject found, CancellationToken cancellationToken) =>
        target.Plural == "namespaces"
            ? await OfNamespaceAsync(client, target.Name, cancellationToken)
            : await OfDefinitionAsync(client, found, cancellationToken);

    private static async Task<IReadOnlyList<string>> OfDefinitionAsync(
        ObjectClient client, JsonObject definition, CancellationToken cancellationToken)
    {
        var type = new ObjectType(
            $"{definition.Text("spec", "group")}/{definition.Items("spec", "versions").FirstOrDefault(version => version.Node("served") is JsonValue served && served.GetValue<bool>())?.Text("name")}",
            definition.Text("spec", "names", "kind") ?? "",
            definition.Text("spec", "names", "plural") ?? "",
            definition.Text("spec", "scope") == "Namespaced");
        var objects = await client.ListAsync(type, inNamespace: null, "", cancellationToken);
        return [.. objects.Take(Named).Select(one =>
            $"{type.Plural}/{(one.Text("metadata", "namespace") is { } place ? $"{place}/" : "")}{one.NameOf()}")];
    }

    private static async Task<IReadOnlyList<string>> OfNamespaceAsync(ObjectClient client, string name, CancellationToken cancellationToken)
    {
        var pods = await client.ListAsync(new ObjectType("v1", "Pod", "pods"), name, "", cancellationToken);
        if (pods.Any(pod => pod.IsTerminating()))
        {
            throw new WaitException($"the pods of namespace {name} are ending");
        }

        var contents = await NamespaceContents.ListAsync(client.Cluster, name, cancellationToken);
        return [.. Foreign(contents, name, IsLeaderElection).Take(Named)];
    }

    // Controllers that we installed leave their locks behind.
    private static bool IsLeaderElection(string one) =>
        one.StartsWith("leases.coordination.k8s.io/", StringComparison.Ordinal)
        || (one.StartsWith("configmaps/", StringComparison.Ordinal) && one.Contains("leader", StringComparison.Ordinal));
}
