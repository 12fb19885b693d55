using System.Text.Json.Nodes;
using MeshWorkflow.Gateway.Clusters;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Gateway.Namespaces;

/// <summary>A namespace for gateways, with the one right injection label. A namespace that is there is used and stays.</summary>
internal sealed class GatewayNamespaceStep(GatewayClusters clusters, ObjectChanges objects) : Step<GatewayNamespaceSpec>
{
    public override string Name => "gateway-namespace";

    protected override async Task<Plan> PlanAsync(GatewayNamespaceSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        InjectionLabels.RefuseMesh(spec.Namespace);
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        var labels = await InjectionLabels.ChooseAsync(place.Client, spec.Revision, spec.DefaultTagExpected, cancellationToken);
        var target = InjectionLabels.Target(spec.Namespace);
        var live = await place.Client.FindAsync(target, cancellationToken);
        if (live is null)
        {
            var body = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = spec.Namespace, ["labels"] = labels.ForNew() },
            };
            var wanted = new WantedObject(target, new ObjectType("v1", "Namespace", "namespaces", IsNamespaced: false), body, IsShared: true);
            return new Plan { Changes = { await objects.PlanAsync(place, [wanted], facts, cancellationToken) } };
        }

        if (live.IsTerminating())
        {
            throw new WaitException($"namespace {spec.Namespace} is being deleted");
        }

        return ObjectChanges.PlanFields(place, target, live, labels.Wanted(), facts) is { } change
            ? new Plan { Changes = { change } }
            : Plans.Nothing();
    }

    protected override async Task<Outcome> ApplyAsync(
        GatewayNamespaceSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        await objects.ApplyAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)
        ?? Outcomes.Done();

    protected override async Task<Outcome> VerifyAsync(
        GatewayNamespaceSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken) =>
        await objects.VerifyAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)
        ?? Outcomes.Done();

    protected override async Task<Outcome> RevertAsync(
        GatewayNamespaceSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        (await objects.RevertAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)).ToOutcome();
}
