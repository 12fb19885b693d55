using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.CustomResources;
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

        foreach (var mistake in Versions(spec).Concat(Names(spec.Object("names"))).Concat(Changes(spec, current)))
        {
            yield return mistake;
        }

        if (spec.Flag("preserveUnknownFields"))
        {
            yield return FieldMistake.Invalid(
                "spec.preserveUnknownFields", "true", "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
        }
    }

    private static IEnumerable<FieldMistake> Versions(JsonObject? spec)
    {
        var versions = spec.Objects("versions").ToList();
        if (versions.DistinctBy(version => version.Text("name")).Count() != versions.Count)
        {
            yield return FieldMistake.Invalid("spec.versions", "[]", "must contain unique version names");
        }

        var stored = versions.Count(version => version.Flag("storage"));
        if (stored != 1)
        {
            yield return FieldMistake.Invalid("spec.versions", "[]", "must have exactly one version marked as storage version");
        }

        if (stored == 0)
        {
            yield return FieldMistake.Invalid("status.storedVersions", "[]", "must have at least one stored version");
        }

        // Where all versions have one schema, it is named once.
        var isShared = versions.All(version => JsonNode.DeepEquals(version["schema"], versions[0]["schema"]));
        for (var i = 0; i < versions.Count; i++)
        {
            var (schema, place) = (versions[i].Object("schema").Object("openAPIV3Schema"), $"spec.versions[{i}].schema.openAPIV3Schema");
            if (schema is null)
            {
                yield return FieldMistake.Required(place, "schemas are required");
            }
            else if (i == 0 || !isShared)
            {
                foreach (var mistake in Schema(schema, isShared ? "spec.validation.openAPIV3Schema" : place))
                {
                    yield return mistake;
                }
            }
        }
    }

    private static IEnumerable<FieldMistake> Schema(JsonObject schema, string path)
    {
        if (schema.Text("type") is { Length: > 0 } type && type != "object")
        {
            yield return FieldMistake.Invalid($"{path}.type", $"\"{type}\"", "must be object at the root");
        }

        foreach (var mistake in SchemaChecks.Mistakes(schema, path))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<FieldMistake> Names(JsonObject? names)
    {
        foreach (var (field, isMixed) in new[] { ("plural", false), ("singular", false), ("kind", true), ("listKind", true) })
        {
            var name = names.Text(field);
            if (name.Length == 0)
            {
                yield return FieldMistake.Required($"spec.names.{field}");
            }
            else if (NameFormats.OldLabelMistake(isMixed ? name.ToLowerInvariant() : name) is { } mistake)
            {
                yield return FieldMistake.Invalid(
                    $"spec.names.{field}", $"\"{name}\"", isMixed ? $"may have mixed case, but should otherwise match: {mistake}" : mistake);
            }
        }
    }

    private static IEnumerable<FieldMistake> Changes(JsonObject? spec, JsonObject? current)
    {
        if (current is null)
        {
            yield break;
        }

        var (was, isUsed) = (current.Object("spec"), Conditions.IsTrue(current, "Established"));
        if (spec.Text("group") != was.Text("group"))
        {
            yield return FieldMistake.Invalid("spec.group", $"\"{spec.Text("group")}\"", "field is immutable");
        }

        if (isUsed && spec.Text("scope") != was.Text("scope"))
        {
            yield return FieldMistake.Invalid("spec.scope", $"\"{spec.Text("scope")}\"", "field is immutable");
        }

        if (isUsed && spec.Object("names").Text("kind") is var kind && kind != was.Object("names").Text("kind"))
        {
            yield return FieldMistake.Invalid("spec.names.kind", $"\"{kind}\"", "field is immutable");
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
