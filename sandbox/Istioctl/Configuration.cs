using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>The mesh's configuration, and how proxies are injected.</summary>
internal static class Configuration
{
    private static readonly string[] Providers = ["prometheus", "stackdriver"];

    public static IEnumerable<JsonObject> Of(Names names, JsonObject spec) =>
    [
        names.Object("v1", "ConfigMap", names.Mesh, isOfCluster: false, ("data", new JsonObject
        {
            ["mesh"] = YamlText.Write(Mesh(names, spec)),
            ["meshNetworks"] = "networks: {}",
        })),
        names.Object("v1", "ConfigMap", names.Injector, isOfCluster: false, ("data", new JsonObject
        {
            ["config"] = YamlText.Write(Injection(spec)),
            ["values"] = Values(names, spec).ToJsonString(),
        })),
    ];

    private static JsonObject Mesh(Names names, JsonObject spec)
    {
        var mesh = (spec["meshConfig"] as JsonObject)?.DeepClone() as JsonObject ?? [];
        var proxies = mesh["defaultConfig"] as JsonObject;
        if (proxies is null)
        {
            proxies = [];
            mesh["defaultConfig"] = proxies;
        }

        proxies["discoveryAddress"] ??= $"{names.Istiod}.{names.Namespace}.svc:15012";
        if (Global(spec)["meshID"]?.ToString() is { Length: > 0 } id)
        {
            proxies["meshId"] ??= id;
        }

        if (spec["values"]?["telemetry"] is JsonObject telemetry && IsOn(telemetry) && IsOn(telemetry["v2"]))
        {
            var providers = Providers.Where(name => IsOn(telemetry["v2"]?[name]));
            mesh["defaultProviders"] ??= new JsonObject { ["metrics"] = new JsonArray([.. providers.Select(name => (JsonNode)name)]) };
        }

        mesh["enablePrometheusMerge"] ??= true;
        mesh["rootNamespace"] ??= names.Namespace;
        mesh["trustDomain"] ??= "cluster.local";
        return mesh;
    }

    private static bool IsOn(JsonNode? setting) => setting?["enabled"]?.ToString() == "true";

    private static JsonObject Injection(JsonObject spec) => new()
    {
        ["policy"] = "enabled",
        ["defaultTemplates"] = new JsonArray("sidecar"),
        ["templates"] = new JsonObject
        {
            ["sidecar"] = $"spec:\n  containers:\n  - name: istio-proxy\n    image: {Proxy(spec)}\n",
            ["gateway"] = $"spec:\n  containers:\n  - name: istio-proxy\n    image: {Proxy(spec)}\n",
        },
    };

    private static JsonObject Values(Names names, JsonObject spec)
    {
        var values = (spec["values"] as JsonObject)?.DeepClone() as JsonObject ?? [];
        if (values["global"] is not JsonObject global)
        {
            global = [];
            values["global"] = global;
        }

        global["hub"] ??= spec["hub"]?.ToString();
        global["tag"] ??= spec["tag"]?.ToString();
        global["istioNamespace"] ??= names.Namespace;
        values["revision"] = names.Revision;
        return values;
    }

    /// <summary>istiod's image: as its component says, then <c>values.pilot</c>, then what holds for all.</summary>
    public static string Pilot(JsonObject spec) => Image(spec, "pilot", spec["components"]?["pilot"], spec["values"]?["pilot"]);

    private static string Proxy(JsonObject spec) => Image(spec, "proxyv2", null, Global(spec)["proxy"]);

    /// <summary>An image by what holds for all: <c>values.global</c> before <c>hub</c> and <c>tag</c> of the operator.</summary>
    public static string Image(JsonObject spec, string name, JsonNode? component = null, JsonNode? values = null)
    {
        string Of(string field, string otherwise) => (component?[field] ?? values?[field] ?? Global(spec)[field] ?? spec[field])?.ToString() is { Length: > 0 } text ? text : otherwise;
        var image = values?["image"]?.ToString() is { Length: > 0 } own ? own : name;
        return image.Contains('/', StringComparison.Ordinal) ? image : $"{Of("hub", "docker.io/istio")}/{image}:{Of("tag", "1.23.3")}";
    }

    public static JsonObject Global(JsonObject spec) => spec["values"]?["global"] as JsonObject ?? [];
}
