using k8s;
using k8s.Models;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.MeshNamespace;

/// <summary>The calls on namespaces. Every write says what it expects to find.</summary>
internal static class Namespaces
{
    public static Task<V1Namespace?> FindAsync(ClusterConnection cluster, string name, CancellationToken cancellationToken) =>
        cluster.FindAsync(client => client.CoreV1.ReadNamespaceAsync(name, cancellationToken: cancellationToken));

    public static bool IsTerminating(V1Namespace found) => found.DeletionTimestamp() is not null;

    public static Task CreateAsync(ClusterConnection cluster, string name, Change change, CancellationToken cancellationToken)
    {
        var body = new V1Namespace
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                Labels = Entries(change.Fields.Select(field => KeyValuePair.Create(field.Path, field.After?.StringValue)), labels: true),
                Annotations = Entries(change.Fields.Select(field => KeyValuePair.Create(field.Path, field.After?.StringValue)), labels: false),
            },
        };
        return cluster.CallAsync(client => client.CoreV1.CreateNamespaceAsync(
            body, fieldManager: ClusterConnection.FieldManager, cancellationToken: cancellationToken));
    }

    /// <summary>Sets fields of the version that was read; an absent value takes a field away.</summary>
    public static Task SetAsync(
        ClusterConnection cluster, V1Namespace found, IEnumerable<KeyValuePair<string, string?>> fields, CancellationToken cancellationToken)
    {
        var all = fields.ToList();
        var patch = new
        {
            metadata = new
            {
                resourceVersion = found.ResourceVersion(),
                labels = Entries(all, labels: true),
                annotations = Entries(all, labels: false),
            },
        };
        return cluster.CallAsync(client => client.CoreV1.PatchNamespaceAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch),
            found.Name(),
            fieldManager: ClusterConnection.FieldManager,
            cancellationToken: cancellationToken));
    }

    /// <summary>Deletes the very namespace that was read, if nobody has written it since.</summary>
    public static Task DeleteAsync(ClusterConnection cluster, V1Namespace found, CancellationToken cancellationToken) =>
        cluster.CallAsync(client => client.CoreV1.DeleteNamespaceAsync(
            found.Name(),
            new V1DeleteOptions
            {
                Preconditions = new V1Preconditions { Uid = found.Uid(), ResourceVersion = found.ResourceVersion() },
            },
            cancellationToken: cancellationToken));

    /// <summary>What lies in a namespace and isn't there by itself.</summary>
    public static async Task<IReadOnlyList<string>> ForeignContentsAsync(
        ClusterConnection cluster, string name, CancellationToken cancellationToken) =>
        ObjectContents.Foreign(await NamespaceContents.ListAsync(cluster, name, cancellationToken), name);

    private static Dictionary<string, string?> Entries(IEnumerable<KeyValuePair<string, string?>> fields, bool labels) => fields
        .Select(field => (Place: NamespaceFields.Place(field.Key), field.Value))
        .Where(field => field.Place.IsLabel == labels)
        .ToDictionary(field => field.Place.Key, field => field.Value);
}
