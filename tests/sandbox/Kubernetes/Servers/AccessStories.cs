using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>Roles, bindings and questions of who may do what.</summary>
internal static class AccessStories
{
    private const string Group = "rbac.authorization.k8s.io/v1";
    private const string Reviews = "/apis/authorization.k8s.io/v1";

    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "roles and bindings that are wrong",
            Post($"{Group}:roles", """{"metadata":{"name":"r"},"rules":[{"verbs":["get"]}]}""").Refused(422, "Invalid", "rules[0].apiGroups", "rules[0].resources"),
            Post($"{Group}:roles", """{"metadata":{"name":"r"},"rules":[{"apiGroups":[""],"resources":["pods"]}]}""").Refused(422, "Invalid", "rules[0].verbs"),
            Post($"{Group}:roles", """{"metadata":{"name":"r"},"rules":[{"verbs":["get"],"nonResourceURLs":["/x"]}]}""").Refused(422, "Invalid", "rules[0].nonResourceURLs"),
            Post($"{Group}:roles", """{"metadata":{"name":"a/b"}}""").Refused(422, "Invalid", "metadata.name"),
            Post($"{Group}:rolebindings", """{"metadata":{"name":"b"},"roleRef":{"kind":"Odd","name":"r"}}""").Refused(422, "Invalid", "roleRef.kind"),
            Post($"{Group}:rolebindings", """{"metadata":{"name":"b"},"roleRef":{"kind":"Role"}}""").Refused(422, "Invalid", "roleRef.name"),
            Post($"/apis/{Group}/clusterrolebindings", """{"metadata":{"name":"{ns}"},"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"s"}]}""")
                .Refused(422, "Invalid", "subjects[0].namespace"),
            Post($"{Group}:rolebindings", """{"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"Odd","name":"s"}]}""")
                .Refused(422, "Invalid", "subjects[0].kind"),
            Post($"{Group}:rolebindings", """{"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"}]}""")
                .Shows("roleRef|apiGroup", "rbac.authorization.k8s.io").Shows("subjects|0|apiGroup", "rbac.authorization.k8s.io"),
            Merge($"{Group}:rolebindings/b", """{"roleRef":{"name":"other"}}""").Refused(422, "Invalid", "roleRef")),
        new(
            "questions that are none",
            Post($"{Reviews}/selfsubjectaccessreviews", """{"spec":{}}""").Refused(422, "Invalid", "spec.resourceAttributes"),
            Post($"{Reviews}/selfsubjectrulesreviews", """{"spec":{}}""").Refused(400, "BadRequest"),
            Post($"{Reviews}/subjectaccessreviews", """{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""").Refused(422, "Invalid", "spec.user"),
            Post($"{Reviews}/subjectaccessreviews", """{"spec":{"user":"u","resourceAttributes":{"verb":"get","resource":"pods"},"nonResourceAttributes":{"path":"/x","verb":"get"}}}""")
                .Refused(422, "Invalid", "spec.nonResourceAttributes"),
            Post($"{Reviews}/namespaces/{{ns}}/localsubjectaccessreviews", """{"spec":{"user":"u","resourceAttributes":{"verb":"get","resource":"pods","namespace":"other"}}}""")
                .Refused(422, "Invalid", "spec.resourceAttributes.namespace"),
            Post($"{Reviews}/selfsubjectaccessreviews", """{"spec":{"resourceAttributes":{"verb":"get","resource":"pods"}}}""").Shows("status|allowed", "true"),
            Post($"{Reviews}/subjectaccessreviews", """{"spec":{"user":"nobody","resourceAttributes":{"verb":"get","resource":"pods"}}}""").Shows("status|allowed", "false")),
    ];
}
