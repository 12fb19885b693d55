using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Bindings give a role to somebody; which role never changes.</summary>
internal sealed class BindingRules(ResourceKind kind) : KindRules(kind)
{
    private const string Group = "rbac.authorization.k8s.io";

    public override void Complete(JsonObject wanted)
    {
        if (wanted.Object("roleRef") is { } role && role.Text("apiGroup").Length == 0)
        {
            role["apiGroup"] = Group;
        }

        foreach (var subject in wanted.Objects("subjects").Where(subject => subject.Text("apiGroup").Length == 0 && subject.Text("kind") is "User" or "Group"))
        {
            subject["apiGroup"] = Group;
        }
    }

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var role = wanted.Object("roleRef");
        string[] kinds = Kind.IsNamespaced ? ["ClusterRole", "Role"] : ["ClusterRole"];
        if (role.Text("apiGroup") is { Length: > 0 } group && group != Group)
        {
            yield return FieldMistake.NotSupported("roleRef.apiGroup", group, [Group]);
        }

        if (!kinds.Contains(role.Text("kind")))
        {
            yield return FieldMistake.NotSupported("roleRef.kind", role.Text("kind"), kinds);
        }

        if (role.Text("name").Length == 0)
        {
            yield return FieldMistake.Required("roleRef.name");
        }

        foreach (var mistake in wanted.Objects("subjects").SelectMany((subject, i) => Mistakes(subject, $"subjects[{i}]")))
        {
            yield return mistake;
        }

        if (current is not null && !JsonNode.DeepEquals(current["roleRef"], wanted["roleRef"]))
        {
            yield return FieldMistake.Invalid("roleRef", (wanted["roleRef"] ?? new JsonObject()).ToJsonString(), "cannot change roleRef");
        }
    }

    private IEnumerable<FieldMistake> Mistakes(JsonObject subject, string path)
    {
        if (subject.Text("name").Length == 0)
        {
            yield return FieldMistake.Required($"{path}.name");
        }

        switch (subject.Text("kind"))
        {
            case "ServiceAccount":
                if (subject.Text("apiGroup").Length > 0)
                {
                    yield return FieldMistake.NotSupported($"{path}.apiGroup", subject.Text("apiGroup"), [""]);
                }

                if (!Kind.IsNamespaced && subject.Text("namespace").Length == 0)
                {
                    yield return FieldMistake.Required($"{path}.namespace");
                }

                break;
            case "User" or "Group":
                if (subject.Text("apiGroup") != Group)
                {
                    yield return FieldMistake.NotSupported($"{path}.apiGroup", subject.Text("apiGroup"), [Group]);
                }

                break;
            default:
                yield return FieldMistake.NotSupported($"{path}.kind", subject.Text("kind"), ["Group", "ServiceAccount", "User"]);
                break;
        }
    }
}
