using static MeshWorkflow.Tests.Sandbox.Kubernetes.Servers.ServerCall;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes.Servers;

/// <summary>Other kinds: autoscalers, webhooks, leases, classes.</summary>
internal static class KindStories
{
    private const string Autoscalers = "autoscaling/v1:horizontalpodautoscalers";
    private const string Webhooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    private const string Leases = "coordination.k8s.io/v1:leases";

    public static IReadOnlyList<ServerStory> All { get; } =
    [
        new(
            "autoscalers that are wrong",
            Post(Autoscalers, Autoscaler("\"minReplicas\":5,\"maxReplicas\":3")).Refused(422, "Invalid", "spec.maxReplicas"),
            Post(Autoscalers, Autoscaler("\"maxReplicas\":0")).Refused(422, "Invalid", "spec.maxReplicas"),
            Post(Autoscalers, Autoscaler("\"maxReplicas\":3").Replace("\"kind\":\"Deployment\"", "\"kind\":\"\"", StringComparison.Ordinal)).Refused(422, "Invalid", "spec.scaleTargetRef.kind"),
            Post(Autoscalers, Autoscaler("\"maxReplicas\":3")).Shows("spec|minReplicas", "1")),
        new(
            "webhooks that are wrong",
            Post(Webhooks, Webhook("\"sideEffects\":\"Some\"")).Refused(422, "Invalid", "webhooks[0].sideEffects"),
            Post(Webhooks, Webhook("\"admissionReviewVersions\":[\"v9\"]")).Refused(422, "Invalid", "webhooks[0].admissionReviewVersions"),
            Post(Webhooks, Webhook("\"timeoutSeconds\":31")).Refused(422, "Invalid", "webhooks[0].timeoutSeconds"),
            Post(Webhooks, Webhook("\"failurePolicy\":\"Maybe\"")).Refused(422, "Invalid", "webhooks[0].failurePolicy"),
            Post(Webhooks, Webhook("\"name\":\"a\"")).Refused(422, "Invalid", "webhooks[0].name"),
            Post(Webhooks, Webhook("\"timeoutSeconds\":1").Replace("{\"url\":\"https://127.0.0.1:1/x\"}", "{}", StringComparison.Ordinal)).Refused(422, "Invalid", "webhooks[0].clientConfig"),
            Post(Webhooks, Webhook("\"timeoutSeconds\":1").Replace("https://", "http://", StringComparison.Ordinal)).Refused(422, "Invalid", "webhooks[0].clientConfig.url"),
            Post(Webhooks, Webhook("\"rules\":[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"ODD\"],\"resources\":[\"x\"]}]"))
                .Refused(422, "Invalid", "webhooks[0].rules[0].operations[0]")),
        new(
            "leases",
            Post(Leases, """{"metadata":{"name":"l"},"spec":{"leaseDurationSeconds":0}}""").Refused(422, "Invalid", "spec.leaseDurationSeconds"),
            Post(Leases, """{"metadata":{"name":"l"},"spec":{"acquireTime":"yesterday"}}""").Refused(400, "BadRequest"),
            Put($"{Leases}/l", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"x"}}""").Gives(201),
            Put($"{Leases}/l", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"y"}}""").Refused(422, "Invalid", "metadata.resourceVersion").Shows("details|kind", "leases"),
            Get($"{Leases}/l").Shows("spec|holderIdentity", "x")),
        new(
            "classes and large bodies",
            Post("/apis/storage.k8s.io/v1/storageclasses", """{"metadata":{"name":"{ns}"},"provisioner":""}""").Refused(422, "Invalid", "provisioner"),
            Post("/apis/scheduling.k8s.io/v1/priorityclasses", """{"metadata":{"name":"{ns}"},"value":2000000000}""").Refused(422, "Invalid", "value"),
            Post("configmaps", $$$"""{"metadata":{"name":"a"},"data":{"x":"{{{new string('x', 3_200_000)}}}"}}""").Refused(413, "RequestEntityTooLarge")),
    ];

    private static string Autoscaler(string fields) =>
        $$$"""{"metadata":{"name":"h"},"spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"},{{{fields}}} }}""";

    private static string Webhook(string field) => $$$"""
        {"metadata":{"name":"{ns}"},"webhooks":[{"name":"a.example.com","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://127.0.0.1:1/x"},
        "rules":[{"apiGroups":["example.com"],"apiVersions":["v1"],"operations":["CREATE"],"resources":["foos"]}],{{{field}}} }]}
        """;
}
