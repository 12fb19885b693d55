using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Namespaces have a phase, and go only when they are empty.</summary>
internal sealed class NamespaceRules(ResourceKind kind) : KindRules(kind)
{
    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    public override void Complete(JsonObject wanted) => wanted.Metadata().Need("labels")["kubernetes.io/metadata.name"] = wanted.Name();

    public override void PrepareCreate(JsonObject wanted)
    {
        base.PrepareCreate(wanted);
        wanted["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        wanted["status"] = new JsonObject { ["phase"] = "Active" };
    }

    public override void PrepareUpdate(JsonObject current, JsonObject wanted, string subresource)
    {
        base.PrepareUpdate(current, wanted, subresource);
        if (subresource != "finalize")
        {
            Restore(current, wanted, "spec");
        }
    }

    public override void PrepareDelete(JsonObject wanted, DeleteWish wish, DateTimeOffset now)
    {
        if (Immortal.Contains(wanted.Name()))
        {
            throw Refusals.Forbidden(Kind, wanted.Name(), "this namespace may not be deleted");
        }

        if (wanted.IsTerminating())
        {
            return;
        }

        wanted.Metadata()["deletionTimestamp"] = ObjectMeta.Time(now);
        wanted.Need("status")["phase"] = "Terminating";
    }
}
