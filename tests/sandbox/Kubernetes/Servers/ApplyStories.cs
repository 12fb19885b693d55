using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>Server-side apply: who owns what, and what it takes to apply.</summary>
internal static class ApplyStories
{
    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "what can't be applied",
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"1"}}""").Gives(201),
            Apply("configmaps/a?fieldManager=m", """{"metadata":{"name":"a"}}""").Refused(400, "BadRequest"),
            Apply("configmaps/a?fieldManager=m", "").Refused(400, "BadRequest"),
            Apply("configmaps/a?fieldManager=m", "[]").Refused(400, "BadRequest"),
            Apply("configmaps/a?fieldManager=m", "a: [").Refused(400, "BadRequest"),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"a"}}""").Refused(400, "BadRequest"),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","metadata":{"name":"a"}}""").Gives(500),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"dota":{}}""").Gives(500),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":1}}""").Gives(500),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""").Refused(400, "BadRequest"),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"other"}}""").Refused(400, "BadRequest"),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[]}}""").Refused(400, "BadRequest"),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"abc"}}""").Refused(422, "Invalid", "metadata.uid"),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"1"}}""").Refused(409, "Conflict"),
            Get("configmaps/a").Shows("data|x", "1")),
        new(
            "two who apply",
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"l":"1"}},"data":{"x":"1"}}""").Gives(201),
            Apply("configmaps/a?fieldManager=n", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"2"}}""")
                .Refused(409, "Conflict", ".data.x"),
            Apply("configmaps/a?fieldManager=n&force=false", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"2"}}""")
                .Refused(409, "Conflict", ".data.x"),
            Apply("configmaps/a?fieldManager=n&force=true", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"2"}}""")
                .Shows("data|x", "2"),
            Apply("configmaps/a?fieldManager=n", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""")
                .Shows("data", null).Shows("metadata|labels|l", "1")),
        new(
            "who has no name without an account",
            Post("configmaps", """{"metadata":{"name":"a"},"data":{"x":"1"}}"""),
            Merge("configmaps/a", """{"metadata":{"managedFields":[{}]}}""").Shows("metadata|managedFields", null),
            Merge("configmaps/a", """{"data":{"y":"1"}}""").Shows("metadata|managedFields", null),
            Apply("configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"2"}}""")
                .Refused(409, "Conflict", ".data.x"),
            Get("configmaps/a").Shows("data|x", "1")),
    ];
}
