using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>What all objects have in common: names, metadata, versions, bodies.</summary>
internal static class ObjectStories
{
    private const string Map = """{"metadata":{"name":"a"},"data":{"x":"1"}}""";

    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "metadata that is wrong",
            Post("configmaps", """{"metadata":{"name":"A B"}}""").Refused(422, "Invalid", "metadata.name"),
            Post("configmaps", """{"metadata":{"generateName":"A_"}}""").Refused(422, "Invalid", "metadata.generateName", "metadata.name"),
            Post("configmaps", """{"data":{}}""").Refused(422, "Invalid", "metadata.name"),
            Post("configmaps", """{"metadata":{"name":"b","labels":{"a b":"c"}}}""").Refused(422, "Invalid", "metadata.labels"),
            Post("configmaps", """{"metadata":{"name":"b","labels":{"A_B/c":"d"}}}""").Refused(422, "Invalid", "metadata.labels"),
            Post("configmaps", """{"metadata":{"name":"b","labels":{"a":"b c"}}}""").Refused(422, "Invalid", "metadata.labels"),
            Post("configmaps", """{"metadata":{"name":"b","annotations":{"a b":"c"}}}""").Refused(422, "Invalid", "metadata.annotations"),
            Post("configmaps", """{"metadata":{"name":"b","finalizers":["x y"]}}""").Refused(422, "Invalid", "metadata.finalizers", "metadata.finalizers[0]"),
            Post("configmaps", """{"metadata":{"name":"b","finalizers":["mine"]}}""").Refused(422, "Invalid", "metadata.finalizers[0]"),
            Post("configmaps", """{"metadata":{"name":"b","ownerReferences":[{"kind":"X"}]}}""")
                .Refused(422, "Invalid", "metadata.ownerReferences.apiVersion", "metadata.ownerReferences.name", "metadata.ownerReferences.uid"),
            Post("configmaps", """
                {"metadata":{"name":"b","ownerReferences":[{"apiVersion":"v1","kind":"Secret","name":"s","uid":"1","controller":true},{"apiVersion":"v1","kind":"Secret","name":"t","uid":"2","controller":true}]}}
                """).Refused(422, "Invalid", "metadata.ownerReferences"),
            Post("configmaps", """{"metadata":{"name":"b","namespace":"other"}}""").Refused(400, "BadRequest"),
            Post("configmaps", """{"metadata":{"name":"b","resourceVersion":"5"}}""").Gives(500),
            Get("configmaps/b").Refused(404, "NotFound")),
        new(
            "bodies that are wrong",
            Post("configmaps", """{"a":""").Refused(400, "BadRequest"),
            Post("configmaps", "[]").Refused(400, "BadRequest"),
            Post("configmaps", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"b"}}""").Refused(400, "BadRequest"),
            Post("configmaps", """{"apiVersion":"apps/v1","kind":"ConfigMap","metadata":{"name":"b"}}""").Refused(400, "BadRequest"),
            Post("configmaps", """{"metadata":{"name":"b"},"data":{"x":1}}""").Refused(400, "BadRequest"),
            Post("configmaps", """{"metadata":{"name":"b"},"dota":{}}""").Shows("dota", null),
            Post("configmaps?fieldValidation=Strict", """{"metadata":{"name":"c"},"dota":{}}""").Refused(400, "BadRequest").From(25)),
        new(
            "whose an update is",
            Post("configmaps", Map),
            Put("configmaps/a", """{"metadata":{},"data":{"x":"2"}}""").Refused(400, "BadRequest"),
            Put("configmaps/a", """{"metadata":{"name":"b"},"data":{"x":"2"}}""").Refused(400, "BadRequest"),
            Put("configmaps/a", """{"metadata":{"name":"a","namespace":"other"}}""").Refused(400, "BadRequest"),
            Put("configmaps/a", """{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"}}""").Refused(400, "BadRequest"),
            Put("configmaps/a", """{"metadata":{"name":"a","resourceVersion":"1"}}""").Refused(409, "Conflict"),
            Put("configmaps/a", """{"metadata":{"name":"a","uid":"abc"}}""").Refused(409, "Conflict"),
            Put("configmaps/none", """{"metadata":{"name":"none"}}""").Refused(404, "NotFound"),
            Get("configmaps/a").Shows("data|x", "1"),
            Put("configmaps/a", """{"metadata":{"name":"a"},"data":{"x":"2"}}""").Shows("data|x", "2")),
        new(
            "patches that make no object of the kind",
            Post("configmaps", Map),
            Merge("configmaps/a", """{"data":{"x":5}}""").Refused(422, "Invalid", "patch"),
            Merge("configmaps/a", """{"kind":"Secret"}""").Refused(422, "Invalid", "patch"),
            Merge("configmaps/a", """{"metadata":{"name":"b"}}""").Refused(400, "BadRequest"),
            Merge("configmaps/a", """{"metadata":{"name":null}}""").Refused(400, "BadRequest"),
            Merge("configmaps/a", """{"metadata":{"uid":"abc"}}""").Refused(422, "Invalid", "metadata.uid"),
            Merge("configmaps/a", """{"metadata":{"deletionTimestamp":"2000-01-01T00:00:00Z"}}""").Refused(422, "Invalid", "metadata.deletionTimestamp"),
            Merge("configmaps/a", """{"metadata":{"resourceVersion":"1"},"data":{"x":"2"}}""").Refused(409, "Conflict"),
            Merge("configmaps/a", """{"a":""").Refused(400, "BadRequest").From(25),
            JsonPatch("configmaps/a", """[{"op":"test","path":"/data/x","value":"9"}]""").Refused(422, "Invalid"),
            JsonPatch("configmaps/a", """[{"op":"remove","path":"/data/none"}]""").Refused(422, "Invalid"),
            JsonPatch("configmaps/a", """{"op":"add"}""").Refused(400, "BadRequest"),
            Get("configmaps/a").Shows("data|x", "1").Shows("metadata|deletionTimestamp", null),
            Merge("configmaps/a", """{"metadata":{"creationTimestamp":"2000-01-01T00:00:00Z","generation":7},"data":{"x":null,"y":"3"}}""")
                .Shows("data|x", null).Shows("data|y", "3").Shows("metadata|generation", null)),
    ];
}
