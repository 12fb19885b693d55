using k8s;
using k8s.Models;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>Whether Istio's webhooks that are there stand in the way: left over, with nobody behind them, or injecting for everybody.</summary>
internal static class WebhookChecks
{
    private const string TagLabel = "istio.io/tag";
    private const string Ours = "app in (sidecar-injector,istiod)";

    public static async Task<IReadOnlyList<PreflightCheck>> RunAsync(
        PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        var injectors = await cluster.CallAsync(client => client.AdmissionregistrationV1.ListMutatingWebhookConfigurationAsync(
            labelSelector: Ours, cancellationToken: cancellationToken));
        var validators = await cluster.CallAsync(client => client.AdmissionregistrationV1.ListValidatingWebhookConfigurationAsync(
            labelSelector: Ours, cancellationToken: cancellationToken));
        Hook[] hooks =
        [
            .. injectors.Items.Select(one => new Hook(one.Metadata, [.. (one.Webhooks ?? []).Select(hook => (hook.FailurePolicy, hook.ClientConfig?.Service))])),
            .. validators.Items.Select(one => new Hook(one.Metadata, [.. (one.Webhooks ?? []).Select(hook => (hook.FailurePolicy, hook.ClientConfig?.Service))])),
        ];
        if (hooks.Length == 0)
        {
            return [Checks.Webhooks.Pass($"No webhook of Istio is in {request.Cluster.ToTarget()}.")];
        }

        var services = (await cluster.CallAsync(client => client.CoreV1.ListServiceForAllNamespacesAsync(
            labelSelector: "app=istiod", cancellationToken: cancellationToken))).Items.Select(service => (service.Namespace(), service.Name())).ToHashSet();
        PreflightCheck[] checks = [.. hooks.Select(hook => CheckOf(request, hook, services)).OfType<PreflightCheck>()];
        return checks.Length > 0 ? checks : [Checks.Webhooks.Pass($"The {hooks.Length} webhook(s) of Istio in {request.Cluster.ToTarget()} don't stand in the way.")];
    }

    private static PreflightCheck? CheckOf(PreflightRequest request, Hook hook, HashSet<(string Namespace, string Name)> services)
    {
        var revision = hook.Metadata.Labels?.TryGetValue(ControlPlaneChecks.RevisionLabel, out var label) is true ? label : "default";
        var dead = hook.Calls.Where(call => call.Service is { } service && !services.Contains((service.NamespaceProperty, service.Name))).ToList();
        if (dead.Exists(call => call.FailurePolicy == "Fail"))
        {
            return Checks.WebhookDead.Refuse(
                $"The webhook {hook.Metadata.Name} of {request.Cluster.ToTarget()} fails closed, and its service {dead[0].Service?.NamespaceProperty}/{dead[0].Service?.Name} is gone.");
        }

        var isMarked = hook.Metadata.Labels?.TryGetValue(Marks.ManagedByLabel, out var owner) is true && owner == Marks.Owner;
        if (revision == request.Facts.Revision && dead.Count > 0 && !isMarked)
        {
            return Checks.WebhookConflict.Refuse(
                $"The webhook {hook.Metadata.Name} of {request.Cluster.ToTarget()} is left of a control plane of revision {revision} that is gone.");
        }

        return revision != request.Facts.Revision && hook.Metadata.Labels?.TryGetValue(TagLabel, out var tag) is true && tag == "default"
            ? Checks.DefaultInjectorPresent.Notice($"In {request.Cluster.ToTarget()} the default tag points at revision {revision}.")
            : null;
    }

    private sealed record Hook(V1ObjectMeta Metadata, IReadOnlyList<(string FailurePolicy, Admissionregistrationv1ServiceReference? Service)> Calls);
}
