using System.Text.Json.Nodes;

namespace MeshWorkflow.ControlPlane.RevisionTag;

/// <summary>What makes a revision the one of a tag, as istioctl makes it. istiod adds its certificate by itself.</summary>
internal static class DefaultTag
{
    public const string Name = "default";
    public const string Validator = "istiod-default-validator";
    private const string ApiVersion = "admissionregistration.k8s.io/v1";
    private const string Revision = "istio.io/rev";
    private const string Injection = "istio-injection";
    private const string Inject = "sidecar.istio.io/inject";

    public static string InjectorOf(string tag) => $"istio-revision-tag-{tag}";

    public static IReadOnlyList<JsonObject> Of(string tag, string revision, string inNamespace)
    {
        var injector = Injector(tag, revision, inNamespace);
        return tag == Name ? [injector, DefaultValidator(revision, inNamespace)] : [injector];
    }

    private static JsonObject Injector(string tag, string revision, string inNamespace)
    {
        JsonNode Webhook(string name, JsonNode[] ofNamespace, JsonNode[] ofPod) => new JsonObject
        {
            ["name"] = $"{name}.sidecar-injector.istio.io",
            ["clientConfig"] = Service(revision, inNamespace, "/inject"),
            ["rules"] = new JsonArray(Rule([""], ["v1"], ["pods"], "CREATE")),
            ["failurePolicy"] = "Fail",
            ["sideEffects"] = "None",
            ["reinvocationPolicy"] = "Never",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["namespaceSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(ofNamespace) },
            ["objectSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(ofPod) },
        };
        var webhooks = new JsonArray(
            Webhook("rev.namespace", [Is(Revision, "In", tag), Is(Injection, "DoesNotExist")], [Is(Inject, "NotIn", "false")]),
            Webhook(
                "rev.object",
                [Is(Revision, "DoesNotExist"), Is(Injection, "DoesNotExist")],
                [Is(Inject, "NotIn", "false"), Is(Revision, "In", tag)]));
        if (tag == Name)
        {
            webhooks.Add(Webhook("namespace", [Is(Injection, "In", "enabled")], [Is(Inject, "NotIn", "false")]));
            webhooks.Add(Webhook(
                "object", [Is(Injection, "DoesNotExist"), Is(Revision, "DoesNotExist")], [Is(Inject, "In", "true"), Is(Revision, "DoesNotExist")]));
        }

        return Configuration("Mutating", InjectorOf(tag), revision, webhooks, ("app", "sidecar-injector"), ("istio.io/tag", tag));
    }

    private static JsonObject DefaultValidator(string revision, string inNamespace) => Configuration(
        "Validating",
        Validator,
        revision,
        new JsonArray(new JsonObject
        {
            ["name"] = "validation.istio.io",
            ["clientConfig"] = Service(revision, inNamespace, "/validate"),
            ["rules"] = new JsonArray(Rule(
                ["security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"], ["*"], ["*"], "CREATE", "UPDATE")),
            ["failurePolicy"] = "Ignore",
            ["sideEffects"] = "None",
            ["admissionReviewVersions"] = new JsonArray("v1"),
        }),
        ("app", "istiod"),
        ("istio", "istiod"),
        ("istio.io/tag", Name));

    private static JsonObject Configuration(
        string kind, string name, string revision, JsonArray webhooks, params (string Key, string Value)[] labels)
    {
        var all = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))) { [Revision] = revision };
        return new JsonObject
        {
            ["apiVersion"] = ApiVersion,
            ["kind"] = $"{kind}WebhookConfiguration",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = all },
            ["webhooks"] = webhooks,
        };
    }

    private static JsonObject Service(string revision, string inNamespace, string path) => new()
    {
        ["service"] = new JsonObject { ["name"] = $"istiod-{revision}", ["namespace"] = inNamespace, ["path"] = path, ["port"] = 443 },
    };

    private static JsonNode Rule(string[] groups, string[] versions, string[] resources, params string[] operations) => new JsonObject
    {
        ["operations"] = Texts(operations),
        ["apiGroups"] = Texts(groups),
        ["apiVersions"] = Texts(versions),
        ["resources"] = Texts(resources),
    };

    private static JsonNode Is(string key, string how, params string[] values)
    {
        var made = new JsonObject { ["key"] = key, ["operator"] = how };
        if (values.Length > 0)
        {
            made["values"] = Texts(values);
        }

        return made;
    }

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
