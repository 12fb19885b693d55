using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>The webhooks of a revision: the injector and the validator. istiod fills in its certificate by itself.</summary>
internal static class Webhooks
{
    public static IEnumerable<JsonObject> Of(Names names)
    {
        var injector = names.Object(
            "admissionregistration.k8s.io/v1",
            "MutatingWebhookConfiguration",
            names.Injector,
            isOfCluster: true,
            ("webhooks", new JsonArray(
                Injecting(
                    names,
                    "rev.namespace.sidecar-injector.istio.io",
                    [Is("istio.io/rev", "In", names.Revision), Is("istio-injection", "DoesNotExist")],
                    [Is("sidecar.istio.io/inject", "NotIn", "false")]),
                Injecting(
                    names,
                    "rev.object.sidecar-injector.istio.io",
                    [Is("istio.io/rev", "DoesNotExist"), Is("istio-injection", "DoesNotExist")],
                    [Is("sidecar.istio.io/inject", "NotIn", "false"), Is("istio.io/rev", "In", names.Revision)]))));
        injector["metadata"]!["labels"]!["app"] = "sidecar-injector";
        var validator = names.Object(
            "admissionregistration.k8s.io/v1",
            "ValidatingWebhookConfiguration",
            names.Validator,
            isOfCluster: true,
            ("webhooks", new JsonArray(Validating(names))));
        validator["metadata"]!["labels"]!["istio"] = "istiod";
        return [injector, validator];
    }

    /// <summary>What makes a revision that of a tag; the tag "default" is that of <c>istio-injection=enabled</c>, and validates what has no revision.</summary>
    public static IEnumerable<JsonObject> OfTag(Names names, string tag)
    {
        const string NotOff = "false";
        var webhooks = new JsonArray(
            Injecting(
                names,
                "rev.namespace.sidecar-injector.istio.io",
                [Is("istio.io/rev", "In", tag), Is("istio-injection", "DoesNotExist")],
                [Is("sidecar.istio.io/inject", "NotIn", NotOff)]),
            Injecting(
                names,
                "rev.object.sidecar-injector.istio.io",
                [Is("istio.io/rev", "DoesNotExist"), Is("istio-injection", "DoesNotExist")],
                [Is("sidecar.istio.io/inject", "NotIn", NotOff), Is("istio.io/rev", "In", tag)]));
        if (tag == "default")
        {
            webhooks.Add(Injecting(
                names, "namespace.sidecar-injector.istio.io", [Is("istio-injection", "In", "enabled")], [Is("sidecar.istio.io/inject", "NotIn", NotOff)]));
            webhooks.Add(Injecting(
                names,
                "object.sidecar-injector.istio.io",
                [Is("istio-injection", "DoesNotExist"), Is("istio.io/rev", "DoesNotExist")],
                [Is("sidecar.istio.io/inject", "In", "true"), Is("istio.io/rev", "DoesNotExist")]));
        }

        yield return OfTag(names, tag, "MutatingWebhookConfiguration", $"istio-revision-tag-{tag}", "sidecar-injector", webhooks);
        if (tag == "default")
        {
            var validating = Validating(names);
            validating["name"] = "validation.istio.io";
            (validating as JsonObject)?.Remove("objectSelector");
            yield return OfTag(names, tag, "ValidatingWebhookConfiguration", "istiod-default-validator", "istiod", new JsonArray(validating));
        }
    }

    private static JsonObject OfTag(Names names, string tag, string kind, string name, string app, JsonArray webhooks)
    {
        var made = names.Object("admissionregistration.k8s.io/v1", kind, name, isOfCluster: true, ("webhooks", webhooks));
        made["metadata"]!["labels"] = new JsonObject { ["app"] = app, ["istio.io/rev"] = names.Revision, ["istio.io/tag"] = tag };
        return made;
    }

    private static JsonNode Injecting(Names names, string name, JsonNode[] ofNamespace, JsonNode[] ofPod) => new JsonObject
    {
        ["name"] = name,
        ["clientConfig"] = Service(names, "/inject"),
        ["sideEffects"] = "None",
        ["rules"] = new JsonArray(Rule([""], ["v1"], ["pods"], "CREATE")),
        ["failurePolicy"] = "Fail",
        ["reinvocationPolicy"] = "Never",
        ["admissionReviewVersions"] = new JsonArray("v1"),
        ["namespaceSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(ofNamespace) },
        ["objectSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(ofPod) },
    };

    private static JsonNode Validating(Names names) => new JsonObject
    {
        ["name"] = "rev.validation.istio.io",
        ["clientConfig"] = Service(names, "/validate"),
        ["rules"] = new JsonArray(Rule(
            ["security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"], ["*"], ["*"], "CREATE", "UPDATE")),

        // istiod makes it strict once it can answer.
        ["failurePolicy"] = "Ignore",
        ["sideEffects"] = "None",
        ["admissionReviewVersions"] = new JsonArray("v1"),
        ["objectSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(Is("istio.io/rev", "In", names.Revision)) },
    };

    private static JsonObject Service(Names names, string path) => new()
    {
        ["service"] = new JsonObject { ["name"] = names.Istiod, ["namespace"] = names.Namespace, ["path"] = path, ["port"] = 443 },
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
