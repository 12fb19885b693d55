using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>What is in a container: its variables, mounts, probes and resources.</summary>
internal static partial class ContainerParts
{
    private static readonly string[] Sides = ["limits", "requests"];
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] Handlers = ["exec", "httpGet", "tcpSocket", "grpc"];
    private static readonly string[] Times = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

    public static IEnumerable<FieldMistake> Mistakes(JsonObject? spec, JsonObject container, string place) => Variables(container, place)
        .Concat(Mounts(spec, container, place)).Concat(Probing(container, place)).Concat(Resources(container, place));

    private static IEnumerable<FieldMistake> Variables(JsonObject container, string place)
    {
        foreach (var (variable, i) in container.Objects("env").Select((variable, i) => (variable, i)))
        {
            var (path, name) = ($"{place}.env[{i}]", variable.Text("name"));
            if (name.Length == 0)
            {
                yield return FieldMistake.Required($"{path}.name");
            }
            else if (!VariableName().IsMatch(name))
            {
                yield return FieldMistake.Invalid(
                    $"{path}.name",
                    $"\"{name}\"",
                    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')");
            }

            if (variable.Text("value").Length > 0 && variable["valueFrom"] is not null)
            {
                yield return FieldMistake.Invalid($"{path}.valueFrom", "\"\"", "may not be specified when `value` is not empty");
            }
        }
    }

    private static IEnumerable<FieldMistake> Mounts(JsonObject? spec, JsonObject container, string place)
    {
        var volumes = spec.Objects("volumes").Select(volume => volume.Text("name")).ToHashSet(StringComparer.Ordinal);
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (mount, i) in container.Objects("volumeMounts").Select((mount, i) => (mount, i)))
        {
            var (path, name, where) = ($"{place}.volumeMounts[{i}]", mount.Text("name"), mount.Text("mountPath"));
            if (name.Length == 0)
            {
                yield return FieldMistake.Required($"{path}.name");
            }

            if (!volumes.Contains(name))
            {
                yield return new FieldMistake("FieldValueNotFound", $"{path}.name", $"Not found: \"{name}\"");
            }

            if (where.Length == 0)
            {
                yield return FieldMistake.Required($"{path}.mountPath");
            }
            else if (!paths.Add(where))
            {
                yield return FieldMistake.Invalid($"{path}.mountPath", $"\"{where}\"", "must be unique");
            }
        }
    }

    private static IEnumerable<FieldMistake> Probing(JsonObject container, string place)
    {
        foreach (var name in Probes)
        {
            if (container.Object(name) is not { } probe)
            {
                continue;
            }

            switch (Handlers.Count(handler => probe[handler] is not null))
            {
                case 0:
                    yield return FieldMistake.Required($"{place}.{name}", "must specify a handler type");
                    break;
                case > 1:
                    yield return FieldMistake.Forbidden($"{place}.{name}.{Handlers.Last(handler => probe[handler] is not null)}", "may not specify more than 1 handler type");
                    break;
            }

            foreach (var field in Times.Where(field => probe.Number(field) < 0))
            {
                yield return FieldMistake.Invalid($"{place}.{name}.{field}", $"{probe.Number(field)}", "must be greater than or equal to 0");
            }
        }
    }

    private static IEnumerable<FieldMistake> Resources(JsonObject container, string place)
    {
        var resources = container.Object("resources");
        foreach (var (kind, name) in Sides.SelectMany(kind => resources.Entries(kind).Keys.Select(name => (kind, name))))
        {
            if (name is not ("cpu" or "memory" or "ephemeral-storage") && !name.Contains('/', StringComparison.Ordinal) && !name.StartsWith("hugepages-", StringComparison.Ordinal))
            {
                yield return FieldMistake.Invalid($"{place}.resources.{kind}[{name}]", $"\"{name}\"", "must be a standard resource type or fully qualified");
            }
        }

        var limits = resources.Entries("limits");
        foreach (var (name, text) in resources.Entries("requests"))
        {
            if (limits.TryGetValue(name, out var most) && Quantities.Of(text) > Quantities.Of(most))
            {
                yield return FieldMistake.Invalid($"{place}.resources.requests", $"\"{text}\"", $"must be less than or equal to {name} limit of {most}");
            }
        }
    }

    [GeneratedRegex(@"^[-._a-zA-Z][-._a-zA-Z0-9]*\z")]
    private static partial Regex VariableName();
}
