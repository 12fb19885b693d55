using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.CustomResources;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>The objects that a world file puts into a cluster.</summary>
internal static class WorldObjects
{
    private static readonly WriteFacts Facts = new("kubectl");

    /// <exception cref="InvalidDataException">An object is of no kind that there is, or refused.</exception>
    public static void Seed(ClusterState cluster)
    {
        foreach (var found in cluster.World.Objects)
        {
            try
            {
                Create(cluster, found.Copy());
            }
            catch (KubeFailure refused)
            {
                throw new InvalidDataException($"An object of cluster {cluster.World.Name} is refused: {refused.Message}", refused);
            }
        }
    }

    private static void Create(ClusterState cluster, JsonObject wanted)
    {
        var kind = cluster.Catalog.OfObject(wanted.ApiVersion(), wanted.Kind())
            ?? throw new InvalidDataException($"Cluster {cluster.World.Name} has no kind {wanted.ApiVersion()} {wanted.Kind()} for {wanted.Name()}.");
        if (kind.IsNamespaced && wanted.Namespace().Length == 0)
        {
            wanted.Metadata()["namespace"] = "default";
        }

        var status = wanted["status"]?.DeepClone();
        wanted["apiVersion"] = kind.ApiVersion(kind.Storage);
        var made = cluster.Store.Find(kind, wanted.Namespace(), wanted.Name()) is { } current
            ? cluster.Writer.Update(kind, current, wanted, Facts)
            : cluster.Writer.Create(kind, wanted, Facts);
        if (kind.GroupResource == "customresourcedefinitions.apiextensions.k8s.io")
        {
            DefinitionController.EstablishNow(cluster, made);
        }
        else if (status is not null && kind.Storage.HasStatus && kind.GroupResource != "namespaces")
        {
            var reported = made.Copy();
            reported["status"] = status;
            cluster.Writer.Update(kind, made, reported, Facts with { Subresource = "status" });
        }
    }
}
