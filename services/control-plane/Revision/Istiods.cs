using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>The control planes that run in a cluster.</summary>
internal static class Istiods
{
    private static readonly ObjectType Pods = new("v1", "Pod", "pods");
    private static readonly ObjectType Deployments = new("apps/v1", "Deployment", "deployments");

    /// <exception cref="WaitException">istiod isn't ready; the message says what isn't.</exception>
    public static async Task WaitReadyAsync(ObjectClient client, string revision, CancellationToken cancellationToken)
    {
        if (await WaitsForAsync(client, revision, cancellationToken) is { } reason)
        {
            throw new WaitException(reason);
        }
    }

    /// <summary>What istiod waits for; null: it is ready, or not there at all.</summary>
    public static async Task<string?> WaitsForAsync(ObjectClient client, string revision, CancellationToken cancellationToken)
    {
        var found = await client.ListAsync(
            Deployments, ControlPlaneStep.MeshNamespace, Selector($"app=istiod,istio.io/rev={revision}"), cancellationToken);
        foreach (var deployment in found)
        {
            if (await Rollouts.WaitsForAsync(client, deployment, cancellationToken) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>istiod tells the API server its certificate by itself.</summary>
    /// <exception cref="WaitException">It has not yet.</exception>
    public static async Task WaitWebhooksAsync(ObjectClient client, string revision, CancellationToken cancellationToken)
    {
        foreach (var kind in new[] { "Mutating", "Validating" })
        {
            var type = new ObjectType(
                "admissionregistration.k8s.io/v1", $"{kind}WebhookConfiguration", $"{kind.ToLowerInvariant()}webhookconfigurations", IsNamespaced: false);
            var found = await client.ListAsync(type, inNamespace: null, Selector($"istio.io/rev={revision}"), cancellationToken);
            var unsigned = found.FirstOrDefault(IsUnsigned);
            if (unsigned is not null)
            {
                throw new WaitException($"istiod has not put its certificate into {unsigned.NameOf()} yet");
            }
        }
    }

    public static async Task<bool> AreRunningAsync(ObjectClient client, string revision, CancellationToken cancellationToken) =>
        (await client.ListAsync(Pods, ControlPlaneStep.MeshNamespace, Selector($"app=istiod,istio.io/rev={revision}"), cancellationToken)).Count > 0;

    public static async Task<bool> AreOthersAsync(ObjectClient client, string revision, CancellationToken cancellationToken) =>
        (await client.ListAsync(Deployments, inNamespace: null, Selector($"app=istiod,istio.io/rev!={revision}"), cancellationToken)).Count > 0;

    private static bool IsUnsigned(JsonObject webhooks) =>
        webhooks.Items("webhooks").Any(webhook => webhook.Text("clientConfig", "caBundle") is null or "");

    private static string Selector(string labels) => $"labelSelector={Uri.EscapeDataString(labels)}";
}
