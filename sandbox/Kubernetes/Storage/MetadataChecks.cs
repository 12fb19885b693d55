using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>What is wrong with an object's metadata.</summary>
internal static class MetadataChecks
{
    private const int MostAnnotations = 256 * 1024;
    private static readonly string[] Standard = ["kubernetes", GarbageCollector.Orphan, GarbageCollector.Foreground];

    public static IEnumerable<FieldMistake> Mistakes(ResourceKind kind, JsonObject wanted)
    {
        var metadata = wanted.Metadata();
        return Name(kind, wanted)
            .Concat(Labels(metadata.Entries("labels"), "metadata.labels"))
            .Concat(Annotations(metadata, "metadata.annotations"))
            .Concat(Owners([.. wanted.OwnerReferences()]))
            .Concat(Finalizers(kind, wanted.Finalizers()));
    }

    /// <summary>What may not be changed of an object though it is written.</summary>
    public static IEnumerable<FieldMistake> Changes(JsonObject current, JsonObject wanted)
    {
        foreach (var field in new[] { "uid", "deletionTimestamp", "deletionGracePeriodSeconds" })
        {
            if (wanted.Metadata()[field] is { } now && !JsonNode.DeepEquals(now, current.Metadata()[field]))
            {
                yield return FieldMistake.Invalid($"metadata.{field}", now.ToJsonString(), "field is immutable");
            }
        }
    }

    public static IEnumerable<FieldMistake> Labels(IReadOnlyDictionary<string, string> labels, string path)
    {
        foreach (var (key, value) in labels)
        {
            foreach (var mistake in NameFormats.KeyMistakes(key))
            {
                yield return FieldMistake.Invalid(path, $"\"{key}\"", mistake);
            }

            if (NameFormats.LabelValueMistake(value) is { } wrong)
            {
                yield return FieldMistake.Invalid(path, $"\"{value}\"", wrong);
            }
        }
    }

    private static IEnumerable<FieldMistake> Name(ResourceKind kind, JsonObject wanted)
    {
        // What a name is made from may end with a hyphen.
        var prefix = wanted.Metadata().Text("generateName");
        if (prefix.Length > 0 && MistakeIn(kind, prefix.EndsWith('-') ? $"{prefix[..^1]}a" : prefix) is { } wrong)
        {
            yield return FieldMistake.Invalid("metadata.generateName", $"\"{prefix}\"", wrong);
        }

        if (MistakeIn(kind, wanted.Name()) is { } mistake)
        {
            yield return FieldMistake.Invalid("metadata.name", $"\"{wanted.Name()}\"", mistake);
        }
    }

    private static string? MistakeIn(ResourceKind kind, string name) => (kind.Group, kind.Plural) switch
    {
        ("rbac.authorization.k8s.io", _) => NameFormats.PathMistake(name),
        ("", "namespaces") => NameFormats.LabelMistake(name),
        ("", "services") => NameFormats.OldLabelMistake(name),
        _ => NameFormats.SubdomainMistake(name),
    };

    public static IEnumerable<FieldMistake> Annotations(JsonObject? metadata, string path)
    {
        var annotations = metadata.Entries("annotations");
        foreach (var key in annotations.Keys)
        {
            foreach (var mistake in NameFormats.KeyMistakes(key.ToLowerInvariant()))
            {
                yield return FieldMistake.Invalid(path, $"\"{key}\"", mistake);
            }
        }

        if (annotations.Sum(pair => (long)Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value)) > MostAnnotations)
        {
            yield return FieldMistake.TooLong(path, MostAnnotations);
        }
    }

    private static IEnumerable<FieldMistake> Owners(IReadOnlyList<JsonObject> owners)
    {
        const string Path = "metadata.ownerReferences";
        foreach (var owner in owners)
        {
            foreach (var (field, what) in new[] { ("apiVersion", "version"), ("kind", "kind"), ("name", "name"), ("uid", "uid") })
            {
                if (owner.Text(field).Length == 0)
                {
                    yield return FieldMistake.Invalid($"{Path}.{field}", "\"\"", $"{what} must not be empty");
                }
            }
        }

        if (owners.Where(owner => owner.Flag("controller")).Select(owner => owner.Text("name")).ToList() is [var first, .., var last])
        {
            yield return FieldMistake.Invalid(
                Path, new JsonArray([.. owners.Select(owner => owner.DeepClone())]).ToJsonString(), $"Only one reference can have Controller set to true. Found \"true\" in references for {first} and {last}");
        }
    }

    private static IEnumerable<FieldMistake> Finalizers(ResourceKind kind, IReadOnlyList<string> finalizers)
    {
        const string Path = "metadata.finalizers";
        foreach (var name in finalizers)
        {
            foreach (var mistake in NameFormats.KeyMistakes(name))
            {
                yield return FieldMistake.Invalid(Path, $"\"{name}\"", mistake);
            }
        }

        // Definitions' objects may have a finalizer of any name.
        for (var i = 0; i < finalizers.Count && !kind.IsCustom; i++)
        {
            if (!finalizers[i].Contains('/', StringComparison.Ordinal) && !Standard.Contains(finalizers[i]))
            {
                yield return FieldMistake.Invalid($"{Path}[{i}]", $"\"{finalizers[i]}\"", "name is neither a standard finalizer name nor is it fully qualified");
            }
        }

        if (finalizers.Contains(GarbageCollector.Orphan) && finalizers.Contains(GarbageCollector.Foreground))
        {
            yield return FieldMistake.Invalid(Path, "[]", $"finalizer {GarbageCollector.Orphan} and {GarbageCollector.Foreground} cannot be both set");
        }
    }
}
