using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>ConfigMaps and Secrets: keys, sizes, what is frozen, what a type needs.</summary>
internal static class ConfigStories
{
    private static readonly string Large = new('x', 1_100_000);

    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "keys and values of config maps",
            Post("configmaps", """{"metadata":{"name":"a"},"data":{"a/b":"x"}}""").Refused(422, "Invalid", "data[a/b]"),
            Post("configmaps", """{"metadata":{"name":"a"},"data":{".":"x","..":"y"}}""").Refused(422, "Invalid", "data[.]", "data[..]"),
            Post("configmaps", """{"metadata":{"name":"a"},"data":{"b":"x"},"binaryData":{"b":"AAEC"}}""").Refused(422, "Invalid", "data[b]"),
            Post("configmaps", """{"metadata":{"name":"a"},"binaryData":{"b":"!"}}""").Refused(400, "BadRequest"),
            Post("configmaps", $$$"""{"metadata":{"name":"a"},"data":{"b":"{{{Large}}}"}}""").Refused(422, "Invalid", "[]"),
            Post("configmaps", """{"metadata":{"name":"a"},"data":{"t":"x"},"binaryData":{"b":"AAEC"}}""").Shows("binaryData|b", "AAEC"),
            Post("configmaps", """{"metadata":{"name":"b"},"data":{"t":null}}""").Shows("data|t", ""),
            Post("configmaps", """{"metadata":{"name":"c"},"data":{}}""").Shows("data", null)),
        new(
            "what is frozen",
            Post("configmaps", """{"metadata":{"name":"a"},"data":{"x":"1"},"immutable":true}"""),
            Merge("configmaps/a", """{"data":{"x":"2"}}""").Refused(422, "Invalid", "data"),
            Merge("configmaps/a", """{"binaryData":{"b":"AAEC"}}""").Refused(422, "Invalid", "binaryData"),
            Merge("configmaps/a", """{"immutable":false}""").Refused(422, "Invalid", "immutable"),
            Merge("configmaps/a", """{"metadata":{"labels":{"a":"b"}}}""").Shows("metadata|labels|a", "b").Shows("data|x", "1")),
        new(
            "types of secrets",
            Post("secrets", """{"metadata":{"name":"a"},"data":{"x":"!!"}}""").Refused(400, "BadRequest"),
            Post("secrets", """{"metadata":{"name":"a"},"data":{"x/y":"AA=="}}""").Refused(422, "Invalid", "data[x/y]"),
            Post("secrets", """{"metadata":{"name":"a"},"type":"kubernetes.io/tls"}""").Refused(422, "Invalid", "data[tls.crt]", "data[tls.key]"),
            Post("secrets", """{"metadata":{"name":"a"},"type":"kubernetes.io/basic-auth"}""").Refused(422, "Invalid", "data[%s][password]", "data[%s][username]"),
            Post("secrets", """{"metadata":{"name":"a"},"type":"kubernetes.io/ssh-auth"}""").Refused(422, "Invalid", "data[%s][ssh-privatekey]"),
            Post("secrets", """{"metadata":{"name":"a"},"type":"kubernetes.io/dockerconfigjson"}""").Refused(422, "Invalid", "data[.dockerconfigjson]"),
            Post("secrets", """{"metadata":{"name":"a"},"type":"kubernetes.io/dockerconfigjson","stringData":{".dockerconfigjson":"{"}}""")
                .Refused(422, "Invalid", "data[.dockerconfigjson]"),
            Post("secrets", """{"metadata":{"name":"a"},"type":"kubernetes.io/service-account-token"}""")
                .Refused(422, "Invalid", "metadata.annotations[kubernetes.io/service-account.name]"),
            Post("secrets", $$$"""{"metadata":{"name":"a"},"stringData":{"b":"{{{Large}}}"}}""").Refused(422, "Invalid", "data"),
            Post("secrets", """{"metadata":{"name":"a"},"stringData":{"x":"1"}}""").Shows("data|x", "MQ==").Shows("type", "Opaque").Shows("stringData", null),
            Merge("secrets/a", """{"type":"example.com/other"}""").Refused(422, "Invalid", "type"),
            Get("secrets/a").Shows("type", "Opaque")),
    ];
}
