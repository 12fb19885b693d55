using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Events lie where the object lies that they are about.</summary>
internal sealed class EventRules(ResourceKind kind) : KindRules(kind)
{
    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var about = wanted.Object("involvedObject").Text("namespace");
        var isThere = about.Length > 0 ? about == wanted.Namespace() : wanted.Namespace() is "default" or "kube-system";
        if (!isThere)
        {
            yield return FieldMistake.Invalid("involvedObject.namespace", $"\"{about}\"", "does not match event.namespace");
        }
    }
}
