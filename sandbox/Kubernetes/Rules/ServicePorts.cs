using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>The ports of Services and of containers.</summary>
internal static class ServicePorts
{
    private const string Range = "must be between 1 and 65535, inclusive";
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static IEnumerable<FieldMistake> Mistakes(IReadOnlyList<JsonObject> ports)
    {
        var (names, places) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < ports.Count; i++)
        {
            var (port, path) = (ports[i], $"spec.ports[{i}]");
            foreach (var mistake in Name(port.Text("name"), $"{path}.name", ports.Count > 1, names)
                .Concat(Number(port["port"], $"{path}.port"))
                .Concat(Protocol(port, path))
                .Concat(Target(port["targetPort"], $"{path}.targetPort")))
            {
                yield return mistake;
            }

            if (!places.Add($"{port.Number("port")}/{port.Text("protocol")}"))
            {
                yield return FieldMistake.Duplicate(
                    path, new JsonObject { ["port"] = port["port"]?.DeepClone(), ["protocol"] = port.Text("protocol") }.ToJsonString());
            }
        }
    }

    public static IEnumerable<FieldMistake> Protocol(JsonObject port, string path)
    {
        if (port.Text("protocol") is { Length: > 0 } protocol && !Protocols.Contains(protocol))
        {
            yield return FieldMistake.NotSupported($"{path}.protocol", protocol, Protocols);
        }
    }

    public static IEnumerable<FieldMistake> Number(JsonNode? port, string path)
    {
        if (port is null)
        {
            yield return FieldMistake.Required(path);
        }
        else if (!double.TryParse(port.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
        {
            yield return FieldMistake.Invalid(path, port.ToJsonString(), Range);
        }
    }

    private static IEnumerable<FieldMistake> Name(string name, string path, bool isNeeded, HashSet<string> names)
    {
        if (name.Length == 0)
        {
            if (isNeeded)
            {
                yield return FieldMistake.Required(path);
            }
        }
        else if (NameFormats.LabelMistake(name) is { } mistake)
        {
            yield return FieldMistake.Invalid(path, $"\"{name}\"", mistake);
        }
        else if (!names.Add(name))
        {
            yield return FieldMistake.Duplicate(path, $"\"{name}\"");
        }
    }

    private static IEnumerable<FieldMistake> Target(JsonNode? target, string path)
    {
        if (target?.GetValueKind() is JsonValueKind.Number)
        {
            return Number(target, path);
        }

        return target?.ToString() is { } name && NameFormats.PortNameMistake(name) is { } mistake
            ? [FieldMistake.Invalid(path, $"\"{name}\"", mistake)]
            : [];
    }
}
