using k8s.Models;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.MeshNamespace;

/// <summary>
/// The mesh's namespace, with the label that says which network the cluster is on. A namespace that is there already is used and
/// stays; one of ours goes again when nothing foreign is in it.
/// </summary>
internal sealed class MeshNamespaceStep(GkeClusters clusters) : Step<MeshNamespaceSpec>
{
    public const string NetworkLabel = "topology.istio.io/network";

    public override string Name => "mesh-namespace";

    protected override async Task<Plan> PlanAsync(MeshNamespaceSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        var network = GkeClusters.NetworkOf(spec.Cluster, cluster, spec.NetworkId);
        var found = await Namespaces.FindAsync(
            await clusters.ConnectAsync(spec.Cluster, cluster, cancellationToken), spec.Namespace, cancellationToken);
        if (found is null)
        {
            return spec.CheckOnly ? throw Missing(spec) : Plans.Of(
                Resource(spec),
                ChangeAction.Create,
                Plans.Field(NamespaceFields.Network, before: null, network),
                Plans.Field(NamespaceFields.ManagedBy, before: null, Marks.Owner),
                Plans.Field(NamespaceFields.Rollout, before: null, facts.Call.Run));
        }

        if (Namespaces.IsTerminating(found))
        {
            throw new WaitException($"namespace {spec.Namespace} is being deleted");
        }

        var live = found.GetLabel(NetworkLabel);
        if (live is not null && live != network)
        {
            throw new MeshException(
                "NETWORK_LABEL_DIFFERS",
                $"Namespace {spec.Namespace} of {spec.Cluster.ToTarget()} says that it is on network '{live}'; the cluster is on '{network}'.",
                $"Remove the label {NetworkLabel} if it is a leftover, then try again.");
        }

        var before = Plans.Before(facts.Earlier, Resource(spec), NamespaceFields.Network, Values.Of(live));
        return live == network
            ? Plans.Nothing()
            : Plans.Of(
                Resource(spec),
                ChangeAction.Update,
                new FieldChange { Path = NamespaceFields.Network, Before = before, After = Values.Of(network) });
    }

    protected override async Task<Outcome> ApplyAsync(
        MeshNamespaceSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var cluster = await clusters.ConnectAsync(spec.Cluster, cancellationToken);
        var found = await Namespaces.FindAsync(cluster, spec.Namespace, cancellationToken);
        if (found is null && change.Action is ChangeAction.Create)
        {
            await facts.Gate.EnterAsync(cancellationToken);
            await Namespaces.CreateAsync(cluster, spec.Namespace, change, cancellationToken);
            return Outcomes.Done();
        }

        // Delivered twice, the second finds the first one's work.
        if (found is not null && change.Fields.All(field => Undoing.Compare(field, NamespaceFields.Read(found, field.Path)) is FieldState.After))
        {
            return Outcomes.Done();
        }

        if (found is null || change.Action is ChangeAction.Create || !IsAtBefore(found, change))
        {
            return Outcomes.Conflict(change.Resource, "the namespace has changed since it was planned");
        }

        await facts.Gate.EnterAsync(cancellationToken);
        await Namespaces.SetAsync(
            cluster,
            found,
            change.Fields.Select(field => KeyValuePair.Create(field.Path, field.After?.StringValue)),
            cancellationToken);
        return Outcomes.Done();
    }

    protected override async Task<Outcome> VerifyAsync(
        MeshNamespaceSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var cluster = await clusters.ConnectAsync(spec.Cluster, cancellationToken);
        var found = await Namespaces.FindAsync(cluster, spec.Namespace, cancellationToken);
        if (facts.Side is Side.Before && found is not null && Namespaces.IsTerminating(found))
        {
            throw new WaitException($"namespace {spec.Namespace} is being deleted");
        }

        var isOurs = found is not null
            && change.Fields.All(field => Undoing.Compare(field, NamespaceFields.Read(found, field.Path)) is FieldState.After);
        return isOurs == facts.Side is Side.After
            ? Outcomes.Done()
            : Outcomes.Conflict(change.Resource, isOurs ? "the namespace is still as planned" : "the namespace is not as planned");
    }

    protected override async Task<Outcome> RevertAsync(
        MeshNamespaceSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var cluster = await clusters.ConnectAsync(spec.Cluster, cancellationToken);
        var found = await Namespaces.FindAsync(cluster, spec.Namespace, cancellationToken);
        if (found is null)
        {
            return Outcomes.Done();
        }

        return change.Action is ChangeAction.Create
            ? await DeleteAsync(cluster, found, change, facts, cancellationToken)
            : await PutBackAsync(cluster, found, change, facts, cancellationToken);
    }

    private static MeshException Missing(MeshNamespaceSpec spec) => new(
        "MESH_NAMESPACE_MISSING",
        $"{spec.Cluster.ToTarget()} has no namespace {spec.Namespace}.",
        "Make it, or let the rollout do it: --enable_namespace_creation (or --enable_all).");

    private static async Task<Outcome> DeleteAsync(
        ClusterConnection cluster, V1Namespace found, Change change, WriteFacts facts, CancellationToken cancellationToken)
    {
        var foreign = change.Fields
            .Select(field => (Field: field, Live: NamespaceFields.Read(found, field.Path)))
            .Where(pair => Undoing.Compare(pair.Field, pair.Live) is not FieldState.After)
            .Select(pair => Undoing.Foreign(change.Resource, pair.Field, pair.Live))
            .ToList();
        if (found.GetAnnotation(Marks.RolloutAnnotation) != facts.Call.Run)
        {
            // Taken over, or gone and made anew: somebody else's now.
            return Outcomes.Done(foreign);
        }

        if (Namespaces.IsTerminating(found))
        {
            return Outcomes.Pending(found.Uid());
        }

        if (foreign.Count > 0)
        {
            return Outcomes.Done([.. foreign, Undoing.Standing(change.Resource, "the namespace is of ours, but somebody has changed it since")]);
        }

        var contents = await Namespaces.ForeignContentsAsync(cluster, found.Name(), cancellationToken);
        if (contents.Count > 0)
        {
            return Outcomes.Done([Undoing.Standing(change.Resource, $"somebody has put into it: {string.Join(", ", contents)}")]);
        }

        await facts.Gate.EnterAsync(cancellationToken);
        await Namespaces.DeleteAsync(cluster, found, cancellationToken);
        return Outcomes.Pending(found.Uid());
    }

    private static async Task<Outcome> PutBackAsync(
        ClusterConnection cluster, V1Namespace found, Change change, WriteFacts facts, CancellationToken cancellationToken)
    {
        var fields = change.Fields.ToLookup(field => Undoing.Compare(field, NamespaceFields.Read(found, field.Path)));
        if (fields[FieldState.After].Any())
        {
            await facts.Gate.EnterAsync(cancellationToken);
            await Namespaces.SetAsync(
                cluster,
                found,
                fields[FieldState.After].Select(field => KeyValuePair.Create(field.Path, field.Before?.StringValue)),
                cancellationToken);
        }

        return Outcomes.Done(fields[FieldState.Foreign].Select(field =>
            Undoing.Foreign(change.Resource, field, NamespaceFields.Read(found, field.Path))));
    }

    private static bool IsAtBefore(V1Namespace found, Change change) =>
        change.Fields.All(field => Undoing.Compare(field, NamespaceFields.Read(found, field.Path)) is not FieldState.Foreign);

    private static string Resource(MeshNamespaceSpec spec) => $"{spec.Cluster.ToTarget().ResourceName}/k8s/namespaces/{spec.Namespace}";
}
