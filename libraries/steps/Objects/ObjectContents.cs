using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Objects;

/// <summary>What lies in an object that holds others: in a namespace, or of a kind that a definition brings.</summary>
internal static class ObjectContents
{
    private const int Named = 5;

    // Kubernetes and istiod put these into every namespace.
    private static readonly string[] ByProducts =
        ["serviceaccounts/default", "configmaps/kube-root-ca.crt", "configmaps/istio-ca-root-cert"];

    /// <exception cref="WaitException">What is in it is on its way out.</exception>
    public static async Task<IReadOnlyList<string>> ForeignAsync(
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
        return [.. contents.Except(ByProducts).Where(one => !IsLeaderElection(one)).Take(Named)];
    }

    // Controllers that we installed leave their locks behind.
    private static bool IsLeaderElection(string one) =>
        one.StartsWith("leases.coordination.k8s.io/", StringComparison.Ordinal)
        || (one.StartsWith("configmaps/", StringComparison.Ordinal) && one.Contains("leader", StringComparison.Ordinal));
}
