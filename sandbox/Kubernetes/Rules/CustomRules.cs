using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.CustomResources;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Custom objects are checked by the schema of their definition.</summary>
internal sealed class CustomRules(ResourceKind kind) : KindRules(kind)
{
    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current) =>
        Kind.Storage.CustomSchema?.Rules is { } rules ? ValueChecks.Mistakes(rules, wanted, "") : [];
}
