using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.ClusterAdminBinding;

/// <summary>
/// The installing account may do everything in the cluster. A binding that says so already, whatever its name, is used and stays.
/// Where nothing is to be bound, the account may have its rights in any way.
/// </summary>
internal sealed class ClusterAdminBindingStep(GkeClusters clusters, ObjectChanges objects) : Step<ClusterAdminBindingSpec>
{
    private const string Role = "cluster-admin";
    private const string Group = "rbac.authorization.k8s.io";
    private const int StemLength = 40;

    public override string Name => "cluster-admin-binding";

    protected override async Task<Plan> PlanAsync(ClusterAdminBindingSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var (kind, name) = ClusterAdmins.Subject(spec.Member);
        var place = await PlaceAsync(spec, cancellationToken);
        var type = new ObjectType($"{Group}/v1", "ClusterRoleBinding", "clusterrolebindings", IsNamespaced: false);
        var all = await place.Client.ListAsync(type, inNamespace: null, "", cancellationToken);
        if (all.Any(binding => Binds(binding, kind, name)))
        {
            return Plans.Nothing();
        }

        if (spec.CheckOnly)
        {
            return await ClusterAdmins.MayGiveRightsAsync(await clusters.ConnectAsync(spec.Cluster, cancellationToken), spec.Member, cancellationToken)
                ? Plans.Nothing()
                : throw new MeshException(
                    "MEMBER_ADMIN_MISSING",
                    $"{spec.Member} may not give rights in {spec.Cluster.ToTarget()}: it is no administrator of it.",
                    "Bind it to cluster-admin, grant it roles/container.admin, or let the rollout bind it: --enable_cluster_roles (or --enable_all).");
        }

        var body = Body(kind, name);
        var wanted = new WantedObject(new ObjectRef(Group, type.Plural, null, body.NameOf()), type, body, IsShared: true);
        return new Plan { Changes = { await objects.PlanAsync(place, [wanted], facts, cancellationToken) } };
    }

    protected override async Task<Outcome> ApplyAsync(
        ClusterAdminBindingSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        await objects.ApplyAsync(await PlaceAsync(spec, cancellationToken), plan.Changes, facts, cancellationToken) ?? Outcomes.Done();

    protected override async Task<Outcome> VerifyAsync(
        ClusterAdminBindingSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken) =>
        await objects.VerifyAsync(await PlaceAsync(spec, cancellationToken), plan.Changes, facts, cancellationToken) ?? Outcomes.Done();

    protected override async Task<Outcome> RevertAsync(
        ClusterAdminBindingSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        (await objects.RevertAsync(await PlaceAsync(spec, cancellationToken), plan.Changes, facts, cancellationToken)).ToOutcome();

    private static bool Binds(JsonObject binding, string kind, string name) =>
        binding.Text("roleRef", "kind") == "ClusterRole"
        && binding.Text("roleRef", "name") == Role
        && binding.Text("metadata", "annotations", Marks.RolloutAnnotation) is null
        && binding.Items("subjects").Any(subject => subject.Text("kind") == kind && subject.Text("name") == name);

    // Two accounts of one name before their @ do not share a binding.
    private static JsonObject Body(string kind, string name)
    {
        var stem = new string([.. name.Split('@')[0].ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{name}")))[..8];
        return new JsonObject
        {
            ["apiVersion"] = $"{Group}/v1",
            ["kind"] = "ClusterRoleBinding",
            ["metadata"] = new JsonObject { ["name"] = $"{(stem.Length > StemLength ? stem[..StemLength] : stem)}-{hash}-cluster-admin-binding" },
            ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = "ClusterRole", ["name"] = Role },
            ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = Group, ["kind"] = kind, ["name"] = name }),
        };
    }

    private async Task<ObjectPlace> PlaceAsync(ClusterAdminBindingSpec spec, CancellationToken cancellationToken) =>
        await clusters.PlaceAsync(spec.Cluster, cancellationToken);
}
