using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.Revision;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Manifests;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.CanonicalService;

/// <summary>The controller that groups workloads into canonical services, in a namespace of its own.</summary>
internal sealed class CanonicalServiceStep(GkeClusters clusters, MeshPackages packages, ObjectChanges objects) : Step<CanonicalServiceSpec>
{
    private const string ControllerNamespace = "asm-system";

    public override string Name => "canonical-service";

    protected override async Task<Plan> PlanAsync(CanonicalServiceSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        var package = await packages.GetAsync(spec.Package.ToRequest(), cancellationToken);
        var manifests = CanonicalServiceManifests.Of(package, spec.Cluster.Project, spec.Cluster.Location, spec.Cluster.Name);
        var wanted = await WantedObjects.OfAsync(place.Client.Types, manifests, ControllerNamespace, cancellationToken);
        return new Plan { Changes = { await objects.PlanAsync(place, wanted, facts, cancellationToken) } };
    }

    protected override async Task<Outcome> ApplyAsync(
        CanonicalServiceSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        await objects.ApplyAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)
        ?? Outcomes.Done();

    protected override async Task<Outcome> VerifyAsync(
        CanonicalServiceSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        foreach (var target in plan.Changes.Select(change => ObjectRef.Parse(change.Resource)).Where(target => target.Plural == "deployments"))
        {
            var found = facts.Side is Side.After ? await place.Client.FindAsync(target, cancellationToken) : null;
            if (found is not null && await Rollouts.WaitsForAsync(place.Client, found, cancellationToken) is { } reason)
            {
                throw new WaitException(reason);
            }
        }

        return await objects.VerifyAsync(place, plan.Changes, facts, cancellationToken) ?? Outcomes.Done();
    }

    protected override async Task<Outcome> RevertAsync(
        CanonicalServiceSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        (await objects.RevertAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)).ToOutcome();
}
