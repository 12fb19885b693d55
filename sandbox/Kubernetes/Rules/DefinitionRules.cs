using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>CustomResourceDefinitions take their objects along when they go.</summary>
internal sealed class DefinitionRules(ResourceKind kind) : KindRules(kind)
{
    public const string Cleanup = "customresourcecleanup.apiextensions.k8s.io";

    public override void Complete(JsonObject wanted)
    {
        var names = wanted.Need("spec").Need("names");
        names["singular"] ??= names.Text("kind").ToLowerInvariant();
        names["listKind"] ??= $"{names.Text("kind")}List";
    }

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var spec = wanted.Object("spec");
        var expected = $"{spec.Object("names").Text("plural")}.{spec.Text("group")}";
        if (wanted.Name() != expected)
        {
            yield return FieldMistake.Invalid("metadata.name", $"\"{wanted.Name()}\"", "must be spec.names.plural+\".\"+spec.group");
        }

        if (spec.Text("scope") is not ("Namespaced" or "Cluster"))
        {
            yield return FieldMistake.NotSupported("spec.scope", spec.Text("scope"), ["Cluster", "Namespaced"]);
        }

        var versions = spec.Objects("versions").ToList();
        if (versions.Count(version => version.Flag("storage")) != 1)
        {
            yield return FieldMistake.Invalid("spec.versions", "[]", "must have exactly one version marked as storage version");
        }

        for (var i = 0; i < versions.Count; i++)
        {
            var schema = versions[i].Object("schema").Object("openAPIV3Schema");
            if (schema is null)
            {
                yield return FieldMistake.Required($"spec.versions[{i}].schema.openAPIV3Schema", "schemas are required");
            }
            else if (schema.Text("type") != "object")
            {
                yield return FieldMistake.Invalid(
                    $"spec.versions[{i}].schema.openAPIV3Schema.type", $"\"{schema.Text("type")}\"", "must be object at the root");
            }
        }
    }

    public override void PrepareCreate(JsonObject wanted)
    {
        base.PrepareCreate(wanted);
        var stored = wanted.Object("spec").Objects("versions").Where(version => version.Flag("storage")).Select(version => (JsonNode)version.Text("name"));
        wanted["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(),
            ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
            ["storedVersions"] = new JsonArray([.. stored]),
        };
    }

    public override void PrepareDelete(JsonObject wanted, DeleteWish wish, DateTimeOffset now)
    {
        if (!wanted.IsTerminating())
        {
            wanted.Metadata()["finalizers"] = new JsonArray([.. wanted.Finalizers().Append(Cleanup).Distinct().Select(name => (JsonNode)name)]);
            Conditions.Set(
                wanted.Need("status"), now, "Terminating", true, "InstanceDeletionPending", "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon");
        }

        base.PrepareDelete(wanted, wish, now);
        ServerFields.Order(wanted);
    }
}
