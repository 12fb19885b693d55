using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.Revision;

/// <summary>
/// The control plane of one revision: definitions first, then what istiod needs, istiod, and its webhooks. The undo goes the other
/// way round: webhooks first, so that nothing waits for an istiod that is going; definitions last, and only if nobody uses them.
/// </summary>
internal sealed class ControlPlaneStep(
    GkeClusters clusters, ControlPlaneManifests manifests, ObjectChanges objects, TimeProvider time) : Step<ControlPlaneSpec>
{
    public const string MeshNamespace = "istio-system";

    private static readonly string[] Workloads = ["deployments", "daemonsets", "horizontalpodautoscalers"];

    public override string Name => "control-plane";

    protected override async Task<Plan> PlanAsync(ControlPlaneSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        var place = await clusters.PlaceAsync(spec.Cluster, cluster, cancellationToken);
        var wanted = await manifests.RenderAsync(spec, cluster, place.Client, cancellationToken);
        var changes = await objects.PlanAsync(place, wanted.Objects, facts, cancellationToken);
        var plan = new Plan { Changes = { changes }, Attachments = { PlanTexts.Of(wanted) } };
        if (changes.Count == 0)
        {
            if (await Istiods.WaitsForAsync(place.Client, spec.RevisionName(), cancellationToken) is { } reason)
            {
                plan.Notices.Add(new Notice { Code = "ISTIOD_NOT_READY", Message = $"The control plane is as wanted, but not ready: {reason}." });
            }

            return plan;
        }

        plan.Changes.Add(await ByProducts.PlanAsync(place, MeshNamespace, spec.RevisionName(), cancellationToken));
        var laidOver = spec.Options.Concat(spec.Overlays.Select(overlay => overlay.Name)).ToList();
        if (laidOver.Count > 0)
        {
            plan.Notices.Add(new Notice
            {
                Code = "OPERATOR_OVERLAYS",
                Message = $"Laid over the operator, later ones win: {string.Join(", ", laidOver)}.",
            });
        }

        if (spec.Ca is CertificateAuthority.Citadel && !spec.Options.Any(option => option.EndsWith("stackdriver", StringComparison.Ordinal)))
        {
            plan.Notices.Add(new Notice
            {
                Code = "METRICS_TO_PROMETHEUS",
                Message = "With Istio CA metrics go to Prometheus, and the dashboard of Cloud Service Mesh shows none. For the dashboard: --option stackdriver or --option prometheus-and-stackdriver (spec.options).",
                Link = "https://cloud.google.com/service-mesh/docs/operate-and-maintain/in-cluster/enable-optional-features",
            });
        }

        if (spec.Cluster.Access?.Platform is Platform.Multicloud)
        {
            plan.Notices.Add(new Notice
            {
                Code = "SLO_NEEDS_LOGGING",
                Message = "Outside Google Cloud the dashboard shows SLOs, error logs, CPU and memory only after logging and monitoring of applications is enabled: its first three steps.",
                Link = "https://cloud.google.com/anthos/clusters/docs/on-prem/latest/how-to/application-logging-monitoring",
            });
        }

        return plan;
    }

    protected override async Task<Outcome> ApplyAsync(
        ControlPlaneSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        var ours = plan.Changes.Where(change => !ByProducts.Is(change)).ToList();
        if (await objects.ApplyAsync(place, ours.Where(Definitions.Is), facts, cancellationToken) is { } early)
        {
            return early;
        }

        await Definitions.WaitEstablishedAsync(place.Client, ours, time, cancellationToken);
        return await objects.ApplyAsync(place, ours.Where(change => !Definitions.Is(change)), facts, cancellationToken) ?? Outcomes.Done();
    }

    protected override async Task<Outcome> VerifyAsync(
        ControlPlaneSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        if (facts.Side is Side.After)
        {
            await Istiods.WaitReadyAsync(place.Client, spec.RevisionName(), cancellationToken);
            await Istiods.WaitWebhooksAsync(place.Client, spec.RevisionName(), cancellationToken);
        }

        return await objects.VerifyAsync(place, [.. plan.Changes.Where(change => !ByProducts.Is(change))], facts, cancellationToken)
            ?? Outcomes.Done();
    }

    protected override async Task<Outcome> RevertAsync(
        ControlPlaneSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        var ours = plan.Changes.Where(change => !ByProducts.Is(change)).ToLookup(PhaseOf);
        var webhooks = await objects.RevertAsync(place, [.. ours[Phase.Webhooks]], facts, cancellationToken);
        var workloads = await objects.RevertAsync(place, [.. ours[Phase.Workloads]], facts, cancellationToken);
        var stands = workloads.Residue.Any(residue => residue.Ours);
        if (ours[Phase.Workloads].Any() && !stands && await Istiods.AreRunningAsync(place.Client, spec.RevisionName(), cancellationToken))
        {
            throw new WaitException($"istiod of {spec.RevisionName()} is ending");
        }

        var rest = await objects.RevertAsync(place, [.. ours[Phase.Rest]], facts, cancellationToken);
        var left = await LeftAsync(spec, place, plan, stands, facts, cancellationToken);
        return new ObjectUndo(
            [.. webhooks.Residue, .. workloads.Residue, .. rest.Residue, .. left.Residue],
            [.. webhooks.Leaving, .. workloads.Leaving, .. rest.Leaving, .. left.Leaving]).ToOutcome();
    }

    private static async Task<ObjectUndo> LeftAsync(
        ControlPlaneSpec spec, ObjectPlace place, Plan plan, bool stands, WriteFacts facts, CancellationToken cancellationToken)
    {
        if (stands || await Istiods.AreOthersAsync(place.Client, spec.RevisionName(), cancellationToken))
        {
            // It would make them again at once.
            return new ObjectUndo([], []);
        }

        return new ObjectUndo([], await ByProducts.TakeAwayAsync(place, plan.Changes.Where(ByProducts.Is), facts, cancellationToken));
    }

    private static Phase PhaseOf(Change change) => ObjectRef.Parse(change.Resource) switch
    {
        { Group: "admissionregistration.k8s.io" } => Phase.Webhooks,
        var target when Workloads.Contains(target.Plural) => Phase.Workloads,
        _ => Phase.Rest,
    };

    private enum Phase
    {
        Webhooks,
        Workloads,
        Rest,
    }
}
