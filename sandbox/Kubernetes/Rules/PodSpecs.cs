using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>What pods and all templates of pods have in common.</summary>
internal static class PodSpecs
{
    private static readonly string[] Pulls = ["Always", "IfNotPresent", "Never"];

    private static readonly (string Field, string[] Values)[] Supported =
    [
        ("restartPolicy", ["Always", "OnFailure", "Never"]),
        ("dnsPolicy", ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ];

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

        foreach (var (field, supported) in Supported)
        {
            if (spec.Text(field) is { Length: > 0 } value && !supported.Contains(value))
            {
                yield return FieldMistake.NotSupported($"{path}.{field}", value, supported);
            }
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mistake in Names([.. spec.Objects("volumes")], $"{path}.volumes", new HashSet<string>(StringComparer.Ordinal))
            .Concat(Sources(spec, path))
            .Concat(Account(spec, path))
            .Concat(Containers(spec, "containers", path, names))
            .Concat(Containers(spec, "initContainers", path, names)))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<FieldMistake> Containers(JsonObject? spec, string field, string path, HashSet<string> names)
    {
        var containers = spec.Objects(field).ToList();
        foreach (var mistake in Names(containers, $"{path}.{field}", names))
        {
            yield return mistake;
        }

        for (var i = 0; i < containers.Count; i++)
        {
            var (container, place) = (containers[i], $"{path}.{field}[{i}]");
            if (container.Text("image").Length == 0)
            {
                yield return FieldMistake.Required($"{place}.image");
            }

            if (container.Text("imagePullPolicy") is { Length: > 0 } policy && !Pulls.Contains(policy))
            {
                yield return FieldMistake.NotSupported($"{place}.imagePullPolicy", policy, Pulls);
            }

            foreach (var mistake in Ports(container, place).Concat(ContainerParts.Mistakes(spec, container, place)))
            {
                yield return mistake;
            }
        }
    }

    private static IEnumerable<FieldMistake> Names(IReadOnlyList<JsonObject> items, string path, HashSet<string> names)
    {
        for (var i = 0; i < items.Count; i++)
        {
            var (place, name) = ($"{path}[{i}].name", items[i].Text("name"));
            if (name.Length == 0)
            {
                yield return FieldMistake.Required(place);
            }
            else if (NameFormats.LabelMistake(name) is { } mistake)
            {
                yield return FieldMistake.Invalid(place, $"\"{name}\"", mistake);
            }
            else if (!names.Add(name))
            {
                yield return FieldMistake.Duplicate(place, $"\"{name}\"");
            }
        }
    }

    private static IEnumerable<FieldMistake> Ports(JsonObject container, string place) => container.Objects("ports").SelectMany((port, i) =>
        ServicePorts.Number(port["containerPort"], $"{place}.ports[{i}].containerPort")
            .Concat(ServicePorts.Protocol(port, $"{place}.ports[{i}]"))
            .Concat(port.Text("name") is { Length: > 0 } name && NameFormats.PortNameMistake(name) is { } mistake
                ? [FieldMistake.Invalid($"{place}.ports[{i}].name", $"\"{name}\"", mistake)]
                : []));

    private static IEnumerable<FieldMistake> Sources(JsonObject? spec, string path) => spec.Objects("volumes")
        .Select((volume, i) => (Sources: volume.Select(pair => pair.Key).Where(key => key != "name").ToList(), Path: $"{path}.volumes[{i}]"))
        .Where(volume => volume.Sources.Count > 1)
        .Select(volume => FieldMistake.Forbidden($"{volume.Path}.{volume.Sources[^1]}", "may not specify more than 1 volume type"));

    private static IEnumerable<FieldMistake> Account(JsonObject? spec, string path)
    {
        if (spec.Text("serviceAccountName") is { Length: > 0 } name && NameFormats.SubdomainMistake(name) is { } mistake)
        {
            yield return FieldMistake.Invalid($"{path}.serviceAccountName", $"\"{name}\"", mistake);
        }
    }

    private static bool IsLatest(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return !name.Contains('@', StringComparison.Ordinal) && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
    }
}
