using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Mesh;

/// <summary>Which webhooks are asked about an object, and whether they answer.</summary>
internal sealed class WebhookCalls(ClusterState cluster, Istiods istiods, Func<int, bool> reaches)
{
    private const int WebhookPort = 15017;
    private static readonly ResourceKind Namespaces = BuiltinKinds.Find("", "namespaces");

    /// <summary>The istiod that answers a webhook; null: it doesn't, and that doesn't matter.</summary>
    /// <exception cref="KubeFailure">It doesn't, and that refuses the write.</exception>
    public JsonObject? Call(JsonObject webhook)
    {
        var service = webhook.Object("clientConfig").Object("service");
        var (ns, name) = (service.Text("namespace"), service.Text("name"));
        var answering = istiods.Behind(ns, name);
        var why = webhook.Object("clientConfig").Text("caBundle").Length == 0 ? "tls: failed to verify certificate: x509: certificate signed by unknown authority"
            : answering is null ? $"no endpoints available for service \"{name}\""
            : !reaches(WebhookPort) ? "context deadline exceeded"
            : null;
        if (why is null || webhook.Text("failurePolicy") == "Ignore")
        {
            return why is null ? answering : null;
        }

        throw Refusals.Internal(
            $"failed calling webhook \"{webhook.Text("name")}\": failed to call webhook: Post \"https://{name}.{ns}.svc:443{service.Text("path")}?timeout=10s\": {why}");
    }

    /// <summary>Whether a webhook is asked about an object that is written.</summary>
    public bool IsFor(JsonObject webhook, ResourceKind kind, JsonObject written, string operation) =>
        webhook.Objects("rules").Any(rule => Has(rule, "operations", operation) && Has(rule, "apiGroups", kind.Group) && Has(rule, "resources", kind.Plural))
        && (LabelSelector.Of(webhook.Object("objectSelector")) ?? Everything).Fits(written.Labels())
        && (LabelSelector.Of(webhook.Object("namespaceSelector")) ?? Everything).Fits(LabelsOf(written.Namespace()));

    public IReadOnlyDictionary<string, string> LabelsOf(string ns) => cluster.Store.Find(Namespaces, "", ns)?.Labels() ?? new Dictionary<string, string>();

    private static LabelSelector Everything { get; } = LabelSelector.Of(new Dictionary<string, string>());

    private static bool Has(JsonObject rule, string field, string wanted) => rule.Texts(field).Any(text => text == "*" || text == wanted);
}
