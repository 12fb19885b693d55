using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Secrets and ConfigMaps: keys and values that can be frozen. Texts of a secret become data.</summary>
internal sealed class SecretRules(ResourceKind kind) : KindRules(kind)
{
    public override void Complete(JsonObject wanted)
    {
        if (wanted.Object("stringData") is not { } texts)
        {
            return;
        }

        var data = wanted.Need("data");
        foreach (var (key, value) in texts)
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value?.ToString() ?? ""));
        }

        wanted.Remove("stringData");
    }

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        if (current is not null && current.Flag("immutable"))
        {
            if (!wanted.Flag("immutable"))
            {
                yield return FieldMistake.Forbidden("immutable", "field is immutable when `immutable` is set");
            }

            if (!JsonNode.DeepEquals(current["data"], wanted["data"]))
            {
                yield return FieldMistake.Forbidden("data", "field is immutable when `immutable` is set");
            }
        }

        if (current is not null && Kind.Kind == "Secret" && current.Text("type") != wanted.Text("type"))
        {
            yield return FieldMistake.Invalid("type", $"\"{wanted.Text("type")}\"", "field is immutable");
        }

        var required = wanted.Text("type") switch
        {
            "kubernetes.io/tls" => ["tls.crt", "tls.key"],
            "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
            _ => Array.Empty<string>(),
        };
        foreach (var key in required.Where(key => Kind.Kind == "Secret" && wanted.Object("data")?.ContainsKey(key) != true))
        {
            yield return FieldMistake.Required($"data[{key}]");
        }
    }
}
