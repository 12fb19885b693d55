using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>What pods and all templates of pods have in common.</summary>
internal static class PodSpecs
{
    /// <summary>Fills in what depends on something else.</summary>
    public static void Complete(JsonObject? spec)
    {
        if (spec is null)
        {
            return;
        }

        if (spec.Text("serviceAccountName") is { Length: > 0 } account)
        {
            spec["serviceAccount"] = account;
        }
        else if (spec.Text("serviceAccount") is { Length: > 0 } old)
        {
            spec["serviceAccountName"] = old;
        }

        foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            if (container.Text("imagePullPolicy").Length == 0)
            {
                container["imagePullPolicy"] = IsLatest(container.Text("image")) ? "Always" : "IfNotPresent";
            }
        }
    }

    public static IEnumerable<FieldMistake> Mistakes(JsonObject? spec, string path)
    {
        var containers = spec.Objects("containers").ToList();
        if (containers.Count == 0)
        {
            yield return FieldMistake.Required($"{path}.containers");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            var (place, name) = ($"{path}.containers[{i}]", containers[i].Text("name"));
            if (name.Length == 0)
            {
                yield return FieldMistake.Required($"{place}.name");
            }
            else if (!names.Add(name))
            {
                yield return FieldMistake.Duplicate($"{place}.name", $"\"{name}\"");
            }

            if (containers[i].Text("image").Length == 0)
            {
                yield return FieldMistake.Required($"{place}.image");
            }

            foreach (var mistake in Mounts(spec, containers[i], place))
            {
                yield return mistake;
            }
        }
    }

    private static IEnumerable<FieldMistake> Mounts(JsonObject? spec, JsonObject container, string place)
    {
        var volumes = spec.Objects("volumes").Select(volume => volume.Text("name")).ToHashSet(StringComparer.Ordinal);
        return container.Objects("volumeMounts")
            .Select((mount, i) => (Name: mount.Text("name"), Place: $"{place}.volumeMounts[{i}].name"))
            .Where(mount => !volumes.Contains(mount.Name))
            .Select(mount => new FieldMistake("FieldValueNotFound", mount.Place, $"Not found: \"{mount.Name}\""));
    }

    private static bool IsLatest(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return !name.Contains('@', StringComparison.Ordinal) && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
    }
}
