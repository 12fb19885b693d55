using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>How things go: finalizers, and namespaces that stay.</summary>
internal static class DeletionStories
{
    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "finalizers hold",
            Post("configmaps", """{"metadata":{"name":"a","finalizers":["example.com/x"]}}"""),
            Delete("configmaps/a").Shows("metadata|finalizers|0", "example.com/x"),
            Delete("configmaps/a").Shows("kind", "ConfigMap"),
            Merge("configmaps/a", """{"metadata":{"finalizers":["example.com/x","example.com/y"]}}""").Refused(422, "Invalid", "metadata.finalizers"),
            Merge("configmaps/a", """{"data":{"x":"1"}}""").Shows("data|x", "1"),
            Merge("configmaps/a", """{"metadata":{"finalizers":null}}""").Shows("metadata|finalizers", null),
            Get("configmaps/a").Refused(404, "NotFound")),
        new(
            "namespaces that stay",
            Delete("/api/v1/namespaces/default").Refused(403, "Forbidden"),
            Post("/api/v1/namespaces", """{"metadata":{"name":"N_1"}}""").Refused(422, "Invalid", "metadata.name"),
            Post("/api/v1/namespaces", """{"metadata":{"name":"{ns}"}}""").Refused(409, "AlreadyExists"),
            Post("/api/v1/namespaces/no-such/configmaps", """{"metadata":{"name":"a"}}""").Refused(404, "NotFound"),
            Get("/api/v1/namespaces/no-such/configmaps").Shows("kind", "ConfigMapList")),
    ];
}
