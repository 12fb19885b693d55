using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Secrets and ConfigMaps: keys and values that can be frozen. Texts of a secret become data.</summary>
internal sealed partial class SecretRules(ResourceKind kind) : KindRules(kind)
{
    private static readonly string[] Values = ["data", "binaryData"];
    private const int MostBytes = 1024 * 1024;
    private const int LongestKey = 253;

    private bool IsSecret => Kind.Kind == "Secret";

    public override void Complete(JsonObject wanted)
    {
        foreach (var field in Values)
        {
            CompleteValues(wanted, field);
        }

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

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current) => Keys(wanted, "data")
        .Concat(Keys(wanted, "binaryData"))
        .Concat(Twice(wanted))
        .Concat(Size(wanted))
        .Concat(Changes(wanted, current))
        .Concat(IsSecret ? Needed(wanted) : []);

    // Nothing said of a key is an empty value; no key at all is as good as no field.
    private static void CompleteValues(JsonObject wanted, string field)
    {
        if (wanted.Object(field) is not { } values)
        {
            return;
        }

        foreach (var key in values.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList())
        {
            values[key] = "";
        }

        if (values.Count == 0)
        {
            wanted.Remove(field);
        }
    }

    private static IEnumerable<FieldMistake> Keys(JsonObject wanted, string field)
    {
        foreach (var key in wanted.Entries(field).Keys)
        {
            if (key.Length > LongestKey)
            {
                yield return FieldMistake.Invalid($"{field}[{key}]", $"\"{key}\"", $"must be no more than {LongestKey} characters");
            }

            if (!Key().IsMatch(key))
            {
                yield return FieldMistake.Invalid(
                    $"{field}[{key}]",
                    $"\"{key}\"",
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
            }
            else if (key is "." || key.StartsWith("..", StringComparison.Ordinal))
            {
                yield return FieldMistake.Invalid($"{field}[{key}]", $"\"{key}\"", key is "." or ".." ? $"must not be '{key}'" : "must not start with '..'");
            }
        }
    }

    private IEnumerable<FieldMistake> Twice(JsonObject wanted) => IsSecret
        ? []
        : wanted.Entries("data").Keys.Intersect(wanted.Entries("binaryData").Keys)
            .Select(key => FieldMistake.Invalid($"data[{key}]", $"\"{key}\"", "duplicate of key present in binaryData"));

    private IEnumerable<FieldMistake> Size(JsonObject wanted)
    {
        var bytes = wanted.Entries("data").Values.Sum(value => IsSecret ? (long)Base64.GetMaxDecodedFromUtf8Length(value.Length) : Encoding.UTF8.GetByteCount(value))
            + wanted.Entries("binaryData").Values.Sum(value => (long)Base64.GetMaxDecodedFromUtf8Length(value.Length));
        if (bytes > MostBytes)
        {
            yield return FieldMistake.TooLong(IsSecret ? "data" : "[]", MostBytes);
        }
    }

    private IEnumerable<FieldMistake> Changes(JsonObject wanted, JsonObject? current)
    {
        if (current is null)
        {
            yield break;
        }

        if (IsSecret && current.Text("type") != wanted.Text("type"))
        {
            yield return FieldMistake.Invalid("type", $"\"{wanted.Text("type")}\"", "field is immutable");
        }

        if (!current.Flag("immutable"))
        {
            yield break;
        }

        if (!wanted.Flag("immutable"))
        {
            yield return Frozen("immutable");
        }

        foreach (var field in Values.Where(field => !JsonNode.DeepEquals(current[field], wanted[field])))
        {
            yield return Frozen(field);
        }
    }

    private static IEnumerable<FieldMistake> Needed(JsonObject wanted)
    {
        var data = wanted.Entries("data");
        string[] required = wanted.Text("type") switch
        {
            "kubernetes.io/tls" => ["tls.crt", "tls.key"],
            "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
            "kubernetes.io/dockercfg" => [".dockercfg"],
            "kubernetes.io/ssh-auth" => ["ssh-privatekey"],
            _ => [],
        };
        foreach (var key in required)
        {
            if (!data.TryGetValue(key, out var value))
            {
                yield return FieldMistake.Required(key == "ssh-privatekey" ? $"data[%s][{key}]" : $"data[{key}]");
            }
            else if (key.StartsWith(".docker", StringComparison.Ordinal) && !IsJson(value))
            {
                yield return FieldMistake.Invalid($"data[{key}]", "\"<secret contents redacted>\"", "unexpected end of JSON input");
            }
        }

        if (wanted.Text("type") == "kubernetes.io/basic-auth" && !data.ContainsKey("username") && !data.ContainsKey("password"))
        {
            yield return FieldMistake.Required("data[%s][username]");
            yield return FieldMistake.Required("data[%s][password]");
        }

        if (wanted.Text("type") == "kubernetes.io/service-account-token" && string.IsNullOrEmpty(wanted.Annotation("kubernetes.io/service-account.name")))
        {
            yield return FieldMistake.Required("metadata.annotations[kubernetes.io/service-account.name]");
        }
    }

    private static bool IsJson(string value)
    {
        try
        {
            using var read = JsonDocument.Parse(Convert.FromBase64String(value));
            return true;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return false;
        }
    }

    private static FieldMistake Frozen(string field) => FieldMistake.Forbidden(field, "field is immutable when `immutable` is set");

    [GeneratedRegex(@"^[-._a-zA-Z0-9]+\z")]
    private static partial Regex Key();
}
