using k8s;
using k8s.Models;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>Which control planes are there already, and what an install of before has left.</summary>
internal static class ControlPlaneChecks
{
    public const string RevisionLabel = "istio.io/rev";
    private const string ManagedCrd = "controlplanerevisions.mesh.cloud.google.com";
    private const string LegacyGateway = "istio-ingressgateway";

    public static async Task<IReadOnlyList<PreflightCheck>> RunAsync(
        PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        var name = request.Cluster.ToTarget().ToString();
        var place = request.Facts.MeshNamespace;
        var istiods = await cluster.CallAsync(client => client.AppsV1.ListDeploymentForAllNamespacesAsync(
            labelSelector: "app=istiod", cancellationToken: cancellationToken));
        var found = istiods.Items.Select(item => (Namespace: item.Namespace(), Revision: item.GetLabel(RevisionLabel) ?? "default")).ToList();
        var checks = new List<PreflightCheck>();
        checks.AddRange(found.Where(istiod => istiod.Namespace != place).Select(istiod => Checks.ForeignControlPlane.Refuse(
            $"{name} has an istiod of revision {istiod.Revision} in namespace {istiod.Namespace}; a mesh has its control planes in {place}.")));
        checks.AddRange(found.Where(istiod => istiod.Namespace == place).Select(istiod =>
            (istiod.Revision == request.Facts.Revision ? Checks.SameRevisionPresent : Checks.OtherRevisionPresent).Notice(
                $"{name} has a control plane of revision {istiod.Revision} already. It stays.")));
        if (found.Count == 0)
        {
            checks.Add(Checks.NoOtherControlPlane.Pass($"{name} has no istiod yet."));
        }

        if (await cluster.FindAsync(client => client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(ManagedCrd, cancellationToken: cancellationToken)) is not null)
        {
            checks.Add(Checks.ManagedControlPlanePresent.Notice($"{name} knows the managed control plane ({ManagedCrd})."));
        }

        if (await cluster.FindAsync(client => client.CoreV1.ReadNamespacedServiceAsync(LegacyGateway, place, cancellationToken: cancellationToken)) is { } gateway)
        {
            checks.Add(Checks.LegacyGatewayPresent.Notice($"{name} has an ingress gateway {place}/{gateway.Name()}, from an install of before."));
        }

        return checks;
    }
}
