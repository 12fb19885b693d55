using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.CustomResources;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>What a fleet's hub keeps in its members: an object that says whose they are. Tools look there whether a cluster is registered.</summary>
internal static class FleetObjects
{
    private const string Group = "hub.gke.io";
    private const string Plural = "memberships";
    private const string Name = "membership";
    private static readonly WriteFacts Hub = new("gke-hub");

    /// <summary>Makes the kind known.</summary>
    public static void Seed(ClusterState cluster)
    {
        var definitions = cluster.Catalog.OfObject("apiextensions.k8s.io/v1", "CustomResourceDefinition")
            ?? throw new InvalidOperationException("There are no custom resources.");
        DefinitionController.EstablishNow(cluster, cluster.Writer.Create(definitions, Definition(), Hub));
    }

    /// <summary>Writes that the cluster is a member, or that it is none any more.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="spec">Whose it is; null: nobody's.</param>
    public static void Show(ClusterState cluster, JsonObject? spec)
    {
        if (cluster.Catalog.OfObject($"{Group}/v1", "Membership") is not { } kind)
        {
            return;
        }

        if (cluster.Store.Find(kind, "", Name) is { } found)
        {
            cluster.Writer.Delete(kind, found, new DeleteWish { GraceSeconds = 0 }, Hub);
        }

        if (spec is not null)
        {
            var made = new JsonObject
            {
                ["apiVersion"] = $"{Group}/v1",
                ["kind"] = "Membership",
                ["metadata"] = new JsonObject { ["name"] = Name },
                ["spec"] = spec,
            };
            cluster.Writer.Create(kind, made, Hub);
        }
    }

    private static JsonObject Definition() => new()
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = $"{Plural}.{Group}" },
        ["spec"] = new JsonObject
        {
            ["group"] = Group,
            ["scope"] = "Cluster",
            ["names"] = new JsonObject { ["plural"] = Plural, ["singular"] = Name, ["kind"] = "Membership", ["listKind"] = "MembershipList" },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = "v1",
                ["served"] = true,
                ["storage"] = true,
                ["schema"] = new JsonObject
                {
                    ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
                },
            }),
        },
    };
}
