using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Tells the ReplicaSets of a Deployment apart by their templates.</summary>
internal static class TemplateHashes
{
    private const string Label = "pod-template-hash";
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static bool SameTemplate(JsonObject deployment, JsonObject set)
    {
        var theirs = set.Object("spec").Object("template")?.Copy() ?? [];
        theirs.Metadata().Need("labels").Remove(Label);
        var ours = deployment.Object("spec").Object("template")?.Copy() ?? [];
        ours.Metadata().Need("labels");
        return JsonNode.DeepEquals(ours, theirs);
    }

    /// <summary>A ReplicaSet for a Deployment's template, without pods yet.</summary>
    public static JsonObject ReplicaSet(JsonObject deployment, JsonObject owner)
    {
        var hash = Of(deployment.Object("spec").Object("template") ?? []);
        var spec = deployment.Object("spec");
        var template = spec.Object("template")?.Copy() ?? [];
        template.Metadata().Need("labels")[Label] = hash;
        var selector = spec.Object("selector")?.Copy() ?? [];
        selector.Need("matchLabels")[Label] = hash;
        var set = new JsonObject
        {
            ["kind"] = "ReplicaSet",
            ["apiVersion"] = "apps/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name()}-{hash}",
                ["namespace"] = deployment.Namespace(),
                ["labels"] = template.Metadata()["labels"]?.DeepClone(),
                ["ownerReferences"] = new JsonArray(owner),
            },
            ["spec"] = new JsonObject { ["replicas"] = 0, ["selector"] = selector, ["template"] = template },
        };
        if (spec.Number("minReadySeconds") is > 0 and var seconds)
        {
            set.Need("spec")["minReadySeconds"] = seconds;
        }

        return set;
    }

    /// <summary>A template's hash.</summary>
    public static string Of(JsonObject template)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(template.ToJsonString()));
        return string.Concat(digest.Take(10).Select(part => Letters[part % Letters.Length]));
    }
}
