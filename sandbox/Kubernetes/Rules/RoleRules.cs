using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Roles say what may be done to what.</summary>
internal sealed class RoleRules(ResourceKind kind) : KindRules(kind)
{
    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current) =>
        wanted.Objects("rules").SelectMany((rule, i) => Mistakes(rule, $"rules[{i}]"));

    private IEnumerable<FieldMistake> Mistakes(JsonObject rule, string path)
    {
        if (!rule.Texts("verbs").Any())
        {
            yield return FieldMistake.Required($"{path}.verbs", "verbs must contain at least one value");
        }

        var resources = rule.Texts("resources").Any();
        if (rule.Texts("nonResourceURLs").Any())
        {
            if (Kind.IsNamespaced)
            {
                yield return FieldMistake.Invalid($"{path}.nonResourceURLs", "[]", "namespaced rules cannot apply to non-resource URLs");
            }

            if (resources || rule.Texts("apiGroups").Any() || rule.Texts("resourceNames").Any())
            {
                yield return FieldMistake.Invalid($"{path}.nonResourceURLs", "[]", "rules cannot apply to both regular resources and non-resource URLs");
            }

            yield break;
        }

        if (!rule.Texts("apiGroups").Any())
        {
            yield return FieldMistake.Required($"{path}.apiGroups", "resource rules must supply at least one api group");
        }

        if (!resources)
        {
            yield return FieldMistake.Required($"{path}.resources", "resource rules must supply at least one resource");
        }
    }
}
