using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.CustomResources;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Kubernetes.Saving;

/// <summary>
/// Saves a cluster's objects and what its server and controllers count, and puts them back. What controllers are about to do isn't
/// saved: they look at every object again.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="authority">The certificate authority of its address, PEM.</param>
internal sealed class ClusterSave(ClusterState cluster, string authority)
{
    private static readonly ResourceKind Definitions = BuiltinKinds.Find("apiextensions.k8s.io", "customresourcedefinitions");

    public JsonNode Save() => SavedJson.Write(new SavedObjects(
        cluster.Store.Revision, cluster.LastAddress, cluster.LastServiceAddress, cluster.Tokens.Key, authority, cluster.Store.Save()));

    public Action Read(JsonNode saved)
    {
        var state = SavedJson.Read<SavedObjects>(saved);
        if (state.Authority != authority)
        {
            // It was saved by another sandbox: what tells of its address's certificate tells of this one's.
            state.Objects.Values.SelectMany(found => found).ToList().ForEach(found => Replace(found, state.Authority));
        }

        var kinds = state.Objects.GetValueOrDefault(Definitions.GroupResource, []).Where(found => Conditions.IsTrue(found, "Established")).Select(CustomKinds.Of).ToList();
        return () =>
        {
            cluster.Store.Restore(state.Objects, state.Revision);
            (cluster.LastAddress, cluster.LastServiceAddress, cluster.Tokens.Key) = (state.LastAddress, state.LastServiceAddress, state.TokenKey);
            cluster.Catalog.Replace(kinds);
            cluster.Restart();
        };
    }

    private void Replace(JsonNode? node, string other)
    {
        switch (node)
        {
            case JsonObject fields:
                fields.Select(field => field.Value).ToList().ForEach(value => Replace(value, other));
                break;
            case JsonArray items:
                items.ToList().ForEach(item => Replace(item, other));
                break;
            case JsonValue value when value.TryGetValue<string>(out var text) && text == other:
                value.ReplaceWith(authority);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text) && text == Encoded(other):
                value.ReplaceWith(Encoded(authority));
                break;
        }
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private sealed record SavedObjects(
        long Revision,
        int LastAddress,
        int LastServiceAddress,
        byte[] TokenKey,
        string Authority,
        IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> Objects);
}
