using System.Net;
using System.Text.Json.Nodes;

namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>Reads and writes objects of any kind. Make one per call: it remembers what kinds the cluster has.</summary>
/// <param name="cluster">The cluster.</param>
public sealed class ObjectClient(ClusterConnection cluster)
{
    private const string Json = "application/json";
    private const string ApplyPatch = "application/apply-patch+yaml";
    private const int PageSize = 500;

    /// <summary>The cluster.</summary>
    public ClusterConnection Cluster { get; } = cluster;

    /// <summary>The kinds that the cluster has.</summary>
    public ObjectTypes Types { get; } = new(cluster);

    /// <summary>Reads an object.</summary>
    /// <param name="target">Which one.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The object, or <see langword="null"/>: it, or its kind, isn't there.</returns>
    public async Task<JsonObject?> FindAsync(ObjectRef target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return await Types.FindResourceAsync(target.Group, target.Plural, cancellationToken) is { } type
            ? await Cluster.FindJsonAsync($"{type.Path(target.Namespace)}/{target.Name}", cancellationToken)
            : null;
    }

    /// <summary>Lists objects.</summary>
    /// <param name="type">Their kind.</param>
    /// <param name="inNamespace">Their namespace; null: all.</param>
    /// <param name="query">Selectors, such as <c>labelSelector=a%3Db</c>; empty: all.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The objects; none where the cluster doesn't have the kind.</returns>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(
        ObjectType type, string? inNamespace, string query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        var found = new List<JsonObject>();
        var next = "";
        do
        {
            var page = await Cluster.FindJsonAsync(
                FormattableString.Invariant($"{type.Path(inNamespace)}?limit={PageSize}{(query.Length == 0 ? "" : $"&{query}")}{next}"),
                cancellationToken);
            found.AddRange((page?["items"] as JsonArray ?? []).OfType<JsonObject>());
            next = page?["metadata"]?["continue"]?.GetValue<string>() is { Length: > 0 } token ? $"&continue={Uri.EscapeDataString(token)}" : "";
        }
        while (next.Length > 0);
        return found;
    }

    /// <summary>Applies an object, server-side, as ours. Fields of others that differ are a conflict.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="body">The object: only the fields that are to be ours.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is applied.</returns>
    public Task ApplyAsync(ObjectType type, JsonObject body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Cluster.SendJsonAsync(
            HttpMethod.Patch, $"{PathOf(type, body)}?fieldManager={ClusterConnection.FieldManager}", body, ApplyPatch, cancellationToken);
    }

    /// <summary>Makes an object that is not there. One that is there is a conflict, whatever it is like.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="body">The object.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is made.</returns>
    public Task CreateAsync(ObjectType type, JsonObject body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Cluster.SendJsonAsync(
            HttpMethod.Post,
            $"{type.Path(type.IsNamespaced ? body.Text("metadata", "namespace") : null)}?fieldManager={ClusterConnection.FieldManager}",
            body,
            Json,
            cancellationToken);
    }

    /// <summary>Writes an object back as it was changed, if nobody has written it since it was read.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="body">The object, as read and changed.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is written.</returns>
    public Task ReplaceAsync(ObjectType type, JsonObject body, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Cluster.SendJsonAsync(
            HttpMethod.Put, $"{PathOf(type, body)}?fieldManager={ClusterConnection.FieldManager}", body, Json, cancellationToken);
    }

    /// <summary>Deletes the very object that was read, if nobody has written it since; what it owns goes with it.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="live">The object, as read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when it is gone, or on its way.</returns>
    public async Task DeleteAsync(ObjectType type, JsonObject live, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = "Background",
            ["preconditions"] = new JsonObject
            {
                ["uid"] = live.Text("metadata", "uid"),
                ["resourceVersion"] = live.Text("metadata", "resourceVersion"),
            },
        };
        try
        {
            await Cluster.SendJsonAsync(HttpMethod.Delete, PathOf(type, live), options, Json, cancellationToken);
        }
        catch (ClusterCallException exception) when (exception.Status is HttpStatusCode.NotFound)
        {
            // Somebody was faster.
        }
    }

    /// <summary>Has a pod end as its disruption budget allows; who owns it makes a new one.</summary>
    /// <param name="pod">The pod, as read.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A task that ends when the pod is gone, or on its way.</returns>
    public async Task EvictAsync(JsonObject pod, CancellationToken cancellationToken)
    {
        var (ns, name) = (pod.Text("metadata", "namespace"), pod.NameOf());
        var body = new JsonObject
        {
            ["apiVersion"] = "policy/v1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
            ["deleteOptions"] = new JsonObject { ["preconditions"] = new JsonObject { ["uid"] = pod.Text("metadata", "uid") } },
        };
        try
        {
            await Cluster.SendJsonAsync(HttpMethod.Post, $"api/v1/namespaces/{ns}/pods/{name}/eviction", body, Json, cancellationToken);
        }
        catch (ClusterCallException exception) when (exception.Status is HttpStatusCode.NotFound)
        {
            // Somebody was faster.
        }
    }

    private static string PathOf(ObjectType type, JsonObject body) =>
        $"{type.Path(type.IsNamespaced ? body.Text("metadata", "namespace") : null)}/{body.Text("metadata", "name")}";
}
