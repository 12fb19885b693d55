using k8s;
using k8s.Models;
using MeshWorkflow.ControlPlane.ClusterAdminBinding;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.MeshNamespace;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Kubeconfigs;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Calls;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>What the API server tells: its nodes, who we are to it, the mesh's namespace, control planes and webhooks that are there.</summary>
internal sealed class InClusterChecks(ReachChecks reach, KubeconfigFiles kubeconfigs, MembershipObjectChecks memberships)
{
    public async Task<IReadOnlyList<PreflightCheck>> RunAsync(PreflightRequest request, Cluster cluster, CancellationToken cancellationToken)
    {
        var (connection, reached) = await reach.RunAsync(request, cluster, cancellationToken);
        if (connection is null)
        {
            return [reached];
        }

        return
        [
            reached,
            .. await KubeconfigAsync(request, cancellationToken),
            .. await VersionAsync(request, connection, cancellationToken),
            .. await NodeChecks.RunAsync(request, connection, cancellationToken),
            .. await AdminsAsync(request, connection, cancellationToken),
            await NamespaceAsync(request, cluster, connection, cancellationToken),
            .. await memberships.RunAsync(request, connection, cancellationToken),
            .. await ControlPlaneChecks.RunAsync(request, connection, cancellationToken),
            .. await WebhookChecks.RunAsync(request, connection, cancellationToken),
        ];
    }

    private async Task<IEnumerable<PreflightCheck>> KubeconfigAsync(PreflightRequest request, CancellationToken cancellationToken) =>
        request.Cluster.Access is { Kubeconfig.Length: > 0 } access
        && (await kubeconfigs.ReadAsync(access.Kubeconfig, access.Context, cancellationToken)).IsInsecure
            ? [Checks.KubeconfigInsecure.Notice($"{access.Kubeconfig} has the certificate of {request.Cluster.ToTarget()} not checked.")]
            : [];

    // GKE told the version of its clusters already.
    private static async Task<IEnumerable<PreflightCheck>> VersionAsync(
        PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken) =>
        request.Cluster.IsElsewhere()
            ? [ClusterChecks.VersionOf(
                request.Cluster.ToTarget().ToString(), (await cluster.FindJsonAsync("version", cancellationToken))?.Text("gitVersion") ?? "")]
            : [];

    // Who may not do everything may not ask about others either.
    private static async Task<IEnumerable<PreflightCheck>> AdminsAsync(
        PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        var own = await AdminAsync(request, cluster, cancellationToken);
        return own.Verdict is Verdict.Pass && request.Facts.Member.Length > 0 ? [own, await MemberAsync(request, cluster, cancellationToken)] : [own];
    }

    private static async Task<PreflightCheck> MemberAsync(PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        var (facts, name) = (request.Facts, request.Cluster.ToTarget());
        if (await ClusterAdmins.MayGiveRightsAsync(cluster, facts.Member, cancellationToken))
        {
            return Checks.MemberAdmin.Pass($"{facts.Member} may give rights in {name}.");
        }

        var message = $"{facts.Member} may not give rights in {name}: it is no administrator of it.";
        return !facts.Ahead.Contains("cluster-admin-binding") && facts.Ahead.Contains(Ahead.Roles) && !name.IsElsewhere
            ? Checks.MemberAdminMissing.Unknown(message, Ahead.Roles)
            : Checks.MemberAdminMissing.Missing(facts, "cluster-admin-binding", message);
    }

    private static async Task<PreflightCheck> AdminAsync(PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        var review = new V1SelfSubjectAccessReview { Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = ClusterAdmins.GivingRights } };
        var answer = await cluster.CallAsync(client => client.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review, cancellationToken: cancellationToken));
        var name = request.Cluster.ToTarget();
        if (answer.Status?.Allowed is true)
        {
            return Checks.ClusterAdmin.Pass($"The service may give rights in {name}.");
        }

        var message = $"The service may not give rights in {name}, as an install does to istiod: clusterrolebindings can't be made.";
        return request.Facts.Ahead.Contains(Ahead.Roles) && !name.IsElsewhere
            ? Checks.ClusterAdminMissing.Unknown(message, Ahead.Roles)
            : Checks.ClusterAdminMissing.Refuse(message);
    }

    private static async Task<PreflightCheck> NamespaceAsync(
        PreflightRequest request, Cluster cluster, ClusterConnection connection, CancellationToken cancellationToken)
    {
        var place = request.Facts.MeshNamespace;
        var name = request.Cluster.ToTarget();
        var network = GkeClusters.NetworkOf(request.Cluster, cluster, request.Facts.ControlPlane?.NetworkId ?? "");
        return await Namespaces.FindAsync(connection, place, cancellationToken) switch
        {
            null => Checks.MeshNamespaceMissing.Missing(request.Facts, "mesh-namespace", $"{name} has no namespace {place}."),
            var found when Namespaces.IsTerminating(found) => Checks.MeshNamespaceTerminating.Refuse($"The namespace {place} of {name} is being deleted."),
            var found when found.GetLabel(MeshNamespaceStep.NetworkLabel) is { } live && live != network => Checks.NetworkLabelDiffers.Refuse(
                $"The namespace {place} of {name} says that it is on network '{live}'; the cluster is on '{network}'."),
            _ => Checks.MeshNamespace.Pass($"{name} has the namespace {place}."),
        };
    }
}
