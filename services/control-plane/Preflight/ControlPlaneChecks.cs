using k8s;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>Whether the API server can be reached, and which control planes are there already.</summary>
internal sealed class ControlPlaneChecks(TimeProvider time)
{
    // A port that swallows everything must not look like a slow one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string RevisionLabel = "istio.io/rev";
    private const string ManagedCrd = "controlplanerevisions.mesh.cloud.google.com";

    public async Task<IReadOnlyList<PreflightCheck>> RunAsync(
        PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        if (await UnreachableAsync(request, cluster, cancellationToken) is { } unreachable)
        {
            return [unreachable];
        }

        var istiods = await cluster.CallAsync(client => client.AppsV1.ListDeploymentForAllNamespacesAsync(
            labelSelector: "app=istiod", cancellationToken: cancellationToken));
        var checks = new List<PreflightCheck> { Verdicts.Pass("API_SERVER_REACHABLE", $"The API server of {request.Cluster.ToName()} answers.") };
        var found = istiods.Items.Select(item => (
            item.Metadata.NamespaceProperty, Revision: item.Metadata.Labels?.TryGetValue(RevisionLabel, out var label) is true ? label : "default")).ToList();
        checks.AddRange(found.Where(istiod => istiod.NamespaceProperty != request.Facts.MeshNamespace).Select(istiod => Verdicts.Refuse(
            "FOREIGN_CONTROL_PLANE",
            $"{request.Cluster.ToName()} has an istiod of revision {istiod.Revision} in namespace {istiod.NamespaceProperty}; a mesh has its control planes in {request.Facts.MeshNamespace}.",
            "Remove that control plane, then try again.")));
        checks.AddRange(found.Where(istiod => istiod.NamespaceProperty == request.Facts.MeshNamespace).Select(istiod => Verdicts.Notice(
            istiod.Revision == request.Facts.Revision ? "SAME_REVISION_PRESENT" : "OTHER_REVISION_PRESENT",
            $"{request.Cluster.ToName()} has a control plane of revision {istiod.Revision} already. It stays.")));
        if (await cluster.FindAsync(client => client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(ManagedCrd, cancellationToken: cancellationToken)) is not null)
        {
            checks.Add(Verdicts.Notice(
                "MANAGED_CONTROL_PLANE_PRESENT",
                $"{request.Cluster.ToName()} knows the managed control plane ({ManagedCrd}). Namespaces follow the one that their label names."));
        }

        return checks;
    }

    private async Task<PreflightCheck?> UnreachableAsync(
        PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await cluster.CallAsync(client => client.Version.GetCodeAsync(either.Token));
            return null;
        }
        catch (ClusterCallException exception) when (exception.Status == 0)
        {
            return Unreachable(request, exception.Message);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Unreachable(request, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    private static PreflightCheck Unreachable(PreflightRequest request, string how) => Verdicts.Refuse(
        "API_SERVER_UNREACHABLE",
        $"The API server of {request.Cluster.ToName()} can't be reached at its endpoint: {how}.",
        "Run the services where the endpoint can be reached (a jump host), or allow their address in the cluster's authorized networks.",
        "https://cloud.google.com/kubernetes-engine/docs/how-to/authorized-networks");
}
