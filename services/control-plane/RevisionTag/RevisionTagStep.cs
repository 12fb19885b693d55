using System.Text.Json.Nodes;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.Revision;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.ControlPlane.RevisionTag;

/// <summary>
/// A tag points at the revision. A cluster that has its default injector already keeps it, unless the request says that the tag is
/// to move.
/// </summary>
internal sealed class RevisionTagStep(GkeClusters clusters, ObjectChanges objects) : Step<RevisionTagSpec>
{
    private const string RevisionLabel = "istio.io/rev";
    private const string Group = "admissionregistration.k8s.io";

    private static readonly ObjectType Injectors =
        new($"{Group}/v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", IsNamespaced: false);

    public override string Name => "revision-tag";

    protected override async Task<Plan> PlanAsync(RevisionTagSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        var injectors = await place.Client.ListAsync(
            Injectors, inNamespace: null, "labelSelector=app%3Dsidecar-injector", cancellationToken);
        var wanted = await WantedObjects.OfAsync(
            place.Client.Types, DefaultTag.Of(spec.Tag, spec.Revision, ControlPlaneStep.MeshNamespace), "", cancellationToken);
        var elsewhere = injectors.FirstOrDefault(one => IsDefaultOfOther(one, spec));
        if (elsewhere is null)
        {
            return new Plan
            {
                Changes = { await objects.PlanAsync(place, [.. wanted.Select(one => one with { IsShared = true })], facts, cancellationToken) },
            };
        }

        if (spec.Move && elsewhere.NameOf() == DefaultTag.InjectorOf(spec.Tag))
        {
            return await MoveAsync(spec, place, wanted, facts, cancellationToken);
        }

        return new Plan
        {
            Notices =
            {
                new Notice
                {
                    Code = "TAG_KEPT",
                    Message = $"'{elsewhere.NameOf()}' points at {elsewhere.Text("metadata", "labels", RevisionLabel) ?? "another revision"}; "
                        + $"the tag '{spec.Tag}' is not moved. Namespaces use {RevisionLabel}={spec.Revision}.",
                },
            },
        };
    }

    protected override async Task<Outcome> ApplyAsync(
        RevisionTagSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        await objects.ApplyAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)
        ?? Outcomes.Done();

    protected override async Task<Outcome> VerifyAsync(
        RevisionTagSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        if (facts.Side is Side.After)
        {
            await Istiods.WaitWebhooksAsync(place.Client, spec.Revision, cancellationToken);
        }

        return await objects.VerifyAsync(place, plan.Changes, facts, cancellationToken) ?? Outcomes.Done();
    }

    protected override async Task<Outcome> RevertAsync(
        RevisionTagSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        (await objects.RevertAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)).ToOutcome();

    // The tag itself where it points elsewhere; for the default also an injector that came without a tag.
    private static bool IsDefaultOfOther(JsonObject injector, RevisionTagSpec spec) =>
        injector.Text("metadata", "labels", RevisionLabel) != spec.Revision
        && (injector.NameOf() == DefaultTag.InjectorOf(spec.Tag)
            || (spec.Tag == DefaultTag.Name && injector.NameOf() == "istio-sidecar-injector"));

    private async Task<Plan> MoveAsync(
        RevisionTagSpec spec, ObjectPlace place, IReadOnlyList<WantedObject> wanted, PlanFacts facts, CancellationToken cancellationToken)
    {
        var plan = new Plan();
        foreach (var one in wanted)
        {
            if (await place.Client.FindAsync(one.Target, cancellationToken) is not { } live)
            {
                plan.Changes.Add(await objects.PlanAsync(place, [one], facts, cancellationToken));
                continue;
            }

            var label = FieldPath.Root.Field("metadata").Field("labels").Field(RevisionLabel);
            var services = live.Items("webhooks").Select(webhook => FieldPath.Root.Field("webhooks")
                .Item("name", webhook.Text("name") ?? "").Field("clientConfig").Field("service").Field("name"));
            var fields = services.Select(path => (path, (JsonNode?)$"istiod-{spec.Revision}")).Prepend((label, spec.Revision));
            if (ObjectChanges.PlanFields(place, one.Target, live, fields, facts) is { } change)
            {
                plan.Changes.Add(change);
            }
        }

        return plan;
    }
}
