using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>CustomResourceDefinitions and their objects.</summary>
internal static class CustomStories
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string Things = "{ns}.example.com/v1:things";
    private const string Listed = """
        {"type":"object","properties":{"spec":{"type":"object","properties":{
          "size":{"type":"integer","minimum":1,"maximum":5},"mode":{"type":"string","enum":["a","b"],"default":"a"},"tag":{"type":"string","pattern":"^[a-z]+$"},
          "list":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n"],"items":{"type":"object","required":["n"],"properties":{"n":{"type":"string"},"v":{"type":"string"}}}},
          "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},"all":{"type":"array","items":{"type":"string"}}}}}}
        """;

    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "definitions that are wrong",
            Post(Definitions, Definition("""{"type":"object","properties":{"a":{"type":"array"}}}""")).Refused(422, "Invalid", "spec.validation.openAPIV3Schema.properties[a].items"),
            Post(Definitions, Definition("""{"type":"object","properties":{"a":{}}}""")).Refused(422, "Invalid", "spec.validation.openAPIV3Schema.properties[a].type"),
            Post(Definitions, Definition("""{"type":"object","properties":{"a":{"type":"odd"}}}""")).Refused(422, "Invalid", "spec.validation.openAPIV3Schema.properties[a].type"),
            Post(Definitions, Definition("""{"type":"object","properties":{"a":{"type":"string","default":5}}}""")).Refused(422, "Invalid", "spec.validation.openAPIV3Schema.properties[a].default"),
            Post(Definitions, Definition("null")).Refused(422, "Invalid", "spec.versions[0].schema.openAPIV3Schema"),
            Post(Definitions, Definition(Listed).Replace("Namespaced", "Everywhere", StringComparison.Ordinal)).Refused(422, "Invalid", "spec.scope"),
            Post(Definitions, Definition(Listed).Replace("\"storage\":true", "\"storage\":false", StringComparison.Ordinal)).Refused(422, "Invalid", "spec.versions", "status.storedVersions"),
            Post(Definitions, Definition(Listed).Replace("\"name\":\"things.", "\"name\":\"others.", StringComparison.Ordinal)).Refused(422, "Invalid", "metadata.name"),
            Get($"{Definitions}/things.{{ns}}.example.com").Refused(404, "NotFound")),
        new(
            "objects of a definition",
            Post(Definitions, Definition(Listed)),
            Get($"{Definitions}/things.{{ns}}.example.com").Shows("status|conditions|1|status", "True").Awaited(),
            Get(Things).Shows("kind", "ThingList").Awaited(),
            Post(Things, Thing("{\"size\":2,\"odd\":1}")).Shows("spec|mode", "a").Shows("spec|odd", null),
            Post(Things, Thing("{\"size\":9,\"mode\":\"q\",\"tag\":\"A\"}").Replace("\"t\"", "\"u\"", StringComparison.Ordinal)).Refused(422, "Invalid", "spec.mode", "spec.size", "spec.tag"),
            Post(Things, Thing("{\"size\":\"x\"}")).Refused(422, "Invalid", "spec.size"),
            Post(Things, Thing("{\"list\":[{\"n\":\"a\"},{\"n\":\"a\"}]}")).Refused(422, "Invalid", "spec.list[1]"),
            Post(Things, Thing("{\"set\":[\"a\",\"a\"]}")).Refused(422, "Invalid", "spec.set[1]"),
            Post(Things, """{"metadata":{"name":"v"}}""").Refused(400, "BadRequest"),
            Post(Things, Thing("{}").Replace("Thing", "Sting", StringComparison.Ordinal)).Refused(422, "Invalid", "kind"),
            Post(Things, Thing("{}").Replace("/v1", "/v2", StringComparison.Ordinal)).Refused(400, "BadRequest"),
            Put($"{Things}/t", Thing("{\"size\":4}")).Refused(422, "Invalid", "metadata.resourceVersion").Shows("details|kind", "things"),
            Strategic($"{Things}/t", """{"spec":{"size":3}}""").Refused(415, "UnsupportedMediaType"),
            Merge($"{Things}/t", """{"spec":{"size":3}}""").Shows("spec|size", "3"),
            Apply($"{Things}/t?fieldManager=m", Thing("{\"list\":[{\"n\":\"a\",\"v\":\"1\"}],\"set\":[\"x\"],\"all\":[\"q\"]}")).Shows("spec|list|0|n", "a"),
            Apply($"{Things}/t?fieldManager=n", Thing("{\"list\":[{\"n\":\"b\",\"v\":\"2\"}],\"set\":[\"y\"]}")).Shows("spec|list|1|n", "b").Shows("spec|set|1", "y"),
            Apply($"{Things}/t?fieldManager=n", Thing("{\"all\":[\"r\"]}")).Refused(409, "Conflict", ".spec.all"),
            Apply($"{Things}/t?fieldManager=m", Thing("{\"list\":[{\"n\":\"a\"},{\"n\":\"a\"}]}")).Gives(500),
            Apply($"{Things}/t?fieldManager=m", Thing("{\"all\":[\"q\"]}")).Shows("spec|list|0|n", "b").Shows("spec|set|0", "y").Shows("spec|set|1", null),
            Merge($"{Definitions}/things.{{ns}}.example.com", """{"spec":{"scope":"Cluster"}}""").Refused(422, "Invalid", "spec.scope"),
            Merge($"{Definitions}/things.{{ns}}.example.com", """{"spec":{"names":{"kind":"Other"}}}""").Refused(422, "Invalid", "spec.names.kind"),
            Delete($"{Things}/t").Shows("status", "Success"),
            Delete($"{Definitions}/things.{{ns}}.example.com")),
    ];

    private static string Definition(string schema) => $$$"""
        {"metadata":{"name":"things.{ns}.example.com"},"spec":{"group":"{ns}.example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},
        "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{{schema}}} } }]}}
        """;

    private static string Thing(string spec) => $$$"""{"apiVersion":"{ns}.example.com/v1","kind":"Thing","metadata":{"name":"t"},"spec":{{{spec}}} }""";
}
