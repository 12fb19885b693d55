using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Rules;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.CustomResources;

/// <summary>Establishes CustomResourceDefinitions, and empties those that are to go.</summary>
internal sealed class DefinitionController(ClusterState cluster) : IController
{
    private static readonly ResourceKind Definitions = BuiltinKinds.Find("apiextensions.k8s.io", "customresourcedefinitions");
    private static readonly WriteFacts Facts = new("kube-apiserver");

    public IEnumerable<ObjectRef> Affected(StoreChange change)
    {
        if (change.Kind.IsCustom && change.After is null)
        {
            return [new ObjectRef(Definitions.GroupResource, "", change.Kind.GroupResource)];
        }

        if (change.Kind.GroupResource != Definitions.GroupResource)
        {
            return [];
        }

        if (change.After is null)
        {
            cluster.Catalog.Remove(change.Object.Name());
            return [];
        }

        if (Conditions.IsTrue(change.After, "Established") && !JsonNode.DeepEquals(change.Before?["spec"], change.After["spec"]))
        {
            cluster.Catalog.Put(CustomKinds.Of(change.After));
        }

        return [ObjectRef.To(Definitions, change.Object)];
    }

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Definitions, "", target.Name) is not { } definition)
        {
            return;
        }

        if (definition.IsTerminating())
        {
            Empty(definition);
        }
        else if (!Conditions.IsTrue(definition, "NamesAccepted"))
        {
            Accept(definition);
        }
        else if (!Conditions.IsTrue(definition, "Established"))
        {
            cluster.Scheduler.After(cluster.Options.EstablishTime, () => Establish(target));
        }
    }

    /// <summary>Serves a definition at once, as one that has been there for long.</summary>
    public static void EstablishNow(ClusterState cluster, JsonObject definition)
    {
        var controller = new DefinitionController(cluster);
        controller.Accept(definition);
        controller.Establish(ObjectRef.To(Definitions, definition));
    }

    private void Accept(JsonObject definition)
    {
        var wanted = definition.Copy();
        var status = wanted.Need("status");
        status["acceptedNames"] = definition.Object("spec")?["names"]?.DeepClone();
        Conditions.Set(status, cluster.Time.GetUtcNow(), "NamesAccepted", true, "NoConflicts", "no conflicts found");
        Write(definition, wanted);
    }

    private void Establish(ObjectRef target)
    {
        if (cluster.Store.Find(Definitions, "", target.Name) is { } definition && !definition.IsTerminating() && !Conditions.IsTrue(definition, "Established"))
        {
            var wanted = definition.Copy();
            Conditions.Set(
                wanted.Need("status"), cluster.Time.GetUtcNow(), "Established", true, "InitialNamesAccepted", "the initial names have been accepted");
            cluster.Catalog.Put(CustomKinds.Of(Write(definition, wanted)));
        }
    }

    private void Empty(JsonObject definition)
    {
        var kind = cluster.Catalog.CustomKinds.FirstOrDefault(found => found.GroupResource == definition.Name());
        if (kind is not null)
        {
            cluster.Store.List(kind).ToList().ForEach(found => cluster.Writer.Delete(kind, found, new DeleteWish(), Facts));
        }

        if (kind is null || !cluster.Store.List(kind).Any())
        {
            var wanted = definition.Copy();
            wanted.Metadata()["finalizers"] = new JsonArray([.. definition.Finalizers()
                .Where(name => name != DefinitionRules.Cleanup).Select(name => (JsonNode)name)]);
            cluster.Writer.Update(Definitions, definition, wanted, Facts);
        }
    }

    private JsonObject Write(JsonObject current, JsonObject wanted) =>
        cluster.Writer.Update(Definitions, current, wanted, Facts with { Subresource = "status" });
}
