using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>Istio's CustomResourceDefinitions, with schemas as deep as the sandbox needs them.</summary>
internal static class Definitions
{
    private static readonly (string Group, string Kind, string Plural, string[] Versions)[] Kinds =
    [
        ("extensions.istio.io", "WasmPlugin", "wasmplugins", ["v1alpha1"]),
        ("networking.istio.io", "DestinationRule", "destinationrules", ["v1", "v1alpha3", "v1beta1"]),
        ("networking.istio.io", "EnvoyFilter", "envoyfilters", ["v1alpha3"]),
        ("networking.istio.io", "Gateway", "gateways", ["v1", "v1alpha3", "v1beta1"]),
        ("networking.istio.io", "ProxyConfig", "proxyconfigs", ["v1beta1"]),
        ("networking.istio.io", "ServiceEntry", "serviceentries", ["v1", "v1alpha3", "v1beta1"]),
        ("networking.istio.io", "Sidecar", "sidecars", ["v1", "v1alpha3", "v1beta1"]),
        ("networking.istio.io", "VirtualService", "virtualservices", ["v1", "v1alpha3", "v1beta1"]),
        ("networking.istio.io", "WorkloadEntry", "workloadentries", ["v1", "v1alpha3", "v1beta1"]),
        ("networking.istio.io", "WorkloadGroup", "workloadgroups", ["v1", "v1alpha3", "v1beta1"]),
        ("security.istio.io", "AuthorizationPolicy", "authorizationpolicies", ["v1", "v1beta1"]),
        ("security.istio.io", "PeerAuthentication", "peerauthentications", ["v1", "v1beta1"]),
        ("security.istio.io", "RequestAuthentication", "requestauthentications", ["v1", "v1beta1"]),
        ("telemetry.istio.io", "Telemetry", "telemetries", ["v1", "v1alpha1"]),
    ];

    public static IEnumerable<JsonObject> All() => Kinds.Select(kind => new JsonObject
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject
        {
            ["name"] = $"{kind.Plural}.{kind.Group}",
            ["labels"] = new JsonObject { ["app"] = "istio-pilot", ["chart"] = "istio", ["release"] = "istio" },
            ["annotations"] = new JsonObject { ["helm.sh/resource-policy"] = "keep" },
        },
        ["spec"] = new JsonObject
        {
            ["group"] = kind.Group,
            ["names"] = new JsonObject
            {
                ["categories"] = new JsonArray("istio-io", kind.Group.Replace('.', '-')),
                ["kind"] = kind.Kind,
                ["listKind"] = $"{kind.Kind}List",
                ["plural"] = kind.Plural,
                ["singular"] = kind.Kind.ToLowerInvariant(),
            },
            ["scope"] = "Namespaced",
            ["versions"] = new JsonArray([.. kind.Versions.Select((version, i) => Version(kind.Kind, version, isStorage: i == 0))]),
        },
    });

    private static JsonNode Version(string kind, string version, bool isStorage) => new JsonObject
    {
        ["name"] = version,
        ["served"] = true,
        ["storage"] = isStorage,
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
        ["schema"] = new JsonObject
        {
            ["openAPIV3Schema"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { ["spec"] = Spec(kind), ["status"] = Anything() },
            },
        },
    };

    private static JsonObject Spec(string kind) => kind switch
    {
        "Gateway" => Fields(("selector", Texts()), ("servers", List(Anything()))),
        "VirtualService" => Fields(
            ("hosts", List(Text())), ("gateways", List(Text())), ("exportTo", List(Text())), ("http", List(Anything())), ("tcp", List(Anything())), ("tls", List(Anything()))),
        "PeerAuthentication" => Fields(
            ("selector", Fields(("matchLabels", Texts()))),
            ("mtls", Fields(("mode", Enum("UNSET", "DISABLE", "PERMISSIVE", "STRICT")))),
            ("portLevelMtls", Anything())),
        "AuthorizationPolicy" => Fields(
            ("selector", Fields(("matchLabels", Texts()))),
            ("action", Enum("ALLOW", "DENY", "AUDIT", "CUSTOM")),
            ("rules", List(Anything())),
            ("provider", Fields(("name", Text()))),
            ("targetRef", Anything()),
            ("targetRefs", List(Anything()))),
        _ => Anything(),
    };

    private static JsonObject Anything() => new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };

    private static JsonObject Text() => new() { ["type"] = "string" };

    private static JsonObject Texts() => new() { ["type"] = "object", ["additionalProperties"] = Text() };

    private static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Enum(params string[] values) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]) };

    private static JsonObject Fields(params (string Name, JsonObject Schema)[] fields) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.Schema))),
    };
}
