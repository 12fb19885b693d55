using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>Names that the server makes up.</summary>
internal static partial class ObjectNames
{
    // Without vowels and look-alikes, so that no words come out.
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static string Random(int length = 5) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>Gives a name to what asks for one.</summary>
    public static void Generate(JsonObject metadata)
    {
        if (metadata.Text("name").Length == 0 && metadata.Text("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = prefix[..Math.Min(prefix.Length, 58)] + Random();
        }
    }

    /// <summary>What is wrong with an object's name and labels.</summary>
    public static IEnumerable<FieldMistake> Mistakes(ResourceKind kind, JsonObject wanted)
    {
        var name = wanted.Name();
        var isPath = kind.Group == "rbac.authorization.k8s.io";
        if (isPath ? name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || name.Contains('%', StringComparison.Ordinal) : !Subdomain().IsMatch(name) || name.Length > 253)
        {
            yield return isPath
                ? FieldMistake.Invalid("metadata.name", $"\"{name}\"", "may not contain '/'")
                : FieldMistake.Invalid(
                    "metadata.name",
                    $"\"{name}\"",
                    kind.Plural is "namespaces" or "services"
                        ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                        : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
        }

        foreach (var (_, value) in wanted.Labels().Where(label => label.Value.Length > 63 || !LabelValue().IsMatch(label.Value)))
        {
            yield return FieldMistake.Invalid(
                "metadata.labels",
                $"\"{value}\"",
                value.Length > 63
                    ? "must be no more than 63 bytes"
                    : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
        }

        foreach (var (key, _) in wanted.Labels().Where(label => !Key().IsMatch(label.Key)))
        {
            yield return FieldMistake.Invalid(
                "metadata.labels",
                $"\"{key}\"",
                "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')");
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex Key();
}
