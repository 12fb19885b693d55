using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Rules;

/// <summary>Webhooks say where they are, what they are asked about, and what becomes of a write when they don't answer.</summary>
internal sealed class WebhookRules(ResourceKind kind) : KindRules(kind)
{
    private const long LongestTimeout = 30;
    private static readonly string[] Parts = ["operations", "apiGroups", "apiVersions", "resources"];
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

    private static readonly (string Field, string[] Values)[] Supported =
    [
        ("sideEffects", ["None", "NoneOnDryRun"]), ("failurePolicy", ["Fail", "Ignore"]), ("matchPolicy", ["Equivalent", "Exact"]),
    ];

    public override IEnumerable<FieldMistake> Mistakes(JsonObject wanted, JsonObject? current)
    {
        var hooks = wanted.Objects("webhooks").ToList();
        for (var i = 0; i < hooks.Count; i++)
        {
            foreach (var mistake in Mistakes(hooks[i], $"webhooks[{i}]"))
            {
                yield return mistake;
            }

            if (hooks.FindIndex(hook => hook.Text("name") == hooks[i].Text("name")) < i)
            {
                yield return FieldMistake.Duplicate($"webhooks[{i}].name", $"\"{hooks[i].Text("name")}\"");
            }
        }
    }

    private static IEnumerable<FieldMistake> Mistakes(JsonObject hook, string path)
    {
        if (hook.Text("name").Split('.').Length < 3)
        {
            yield return FieldMistake.Invalid($"{path}.name", $"\"{hook.Text("name")}\"", "should be a domain with at least three segments separated by dots");
        }

        foreach (var (field, values) in Supported)
        {
            if (hook.Text(field) is { Length: > 0 } value && !values.Contains(value))
            {
                yield return FieldMistake.NotSupported($"{path}.{field}", value, values);
            }
        }

        if (hook.Text("sideEffects").Length == 0)
        {
            yield return FieldMistake.Required($"{path}.sideEffects", "must specify one of None, NoneOnDryRun");
        }

        if (hook.Number("timeoutSeconds") is < 1 or > LongestTimeout)
        {
            yield return FieldMistake.Invalid($"{path}.timeoutSeconds", $"{hook.Number("timeoutSeconds")}", "the timeout value must be between 1 and 30 seconds");
        }

        var versions = hook.Texts("admissionReviewVersions").ToList();
        if (versions.Count == 0)
        {
            yield return FieldMistake.Required($"{path}.admissionReviewVersions", "must specify one of v1, v1beta1");
        }
        else if (!versions.Exists(version => version is "v1" or "v1beta1"))
        {
            yield return FieldMistake.Invalid($"{path}.admissionReviewVersions", "[]", "must include at least one of v1, v1beta1");
        }

        foreach (var mistake in Client(hook.Object("clientConfig"), $"{path}.clientConfig").Concat(hook.Objects("rules").SelectMany((rule, i) => Rule(rule, $"{path}.rules[{i}]"))))
        {
            yield return mistake;
        }
    }

    private static IEnumerable<FieldMistake> Client(JsonObject? client, string path)
    {
        var url = client.Text("url");
        if (url.Length > 0 == client?["service"] is not null)
        {
            yield return FieldMistake.Required(path, "exactly one of url or service is required");
        }
        else if (url.Length > 0 && !url.StartsWith("https://", StringComparison.Ordinal))
        {
            yield return FieldMistake.Invalid($"{path}.url", $"\"{url}\"", "'https' is the only allowed URL scheme; desired format: https://host[/path]");
        }
    }

    private static IEnumerable<FieldMistake> Rule(JsonObject rule, string path)
    {
        foreach (var field in Parts.Where(field => !rule.Texts(field).Any()))
        {
            yield return FieldMistake.Required($"{path}.{field}");
        }

        foreach (var (operation, i) in rule.Texts("operations").Select((operation, i) => (operation, i)).Where(each => !Operations.Contains(each.operation)))
        {
            yield return FieldMistake.NotSupported($"{path}.operations[{i}]", operation, Operations);
        }
    }
}
