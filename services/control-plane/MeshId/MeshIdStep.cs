using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.MeshId;

/// <summary>
/// The label <c>mesh_id</c> of the cluster, or of the membership of one that is not on Google Cloud. It is all that this step touches: the
/// other labels go along as they were read.
/// </summary>
internal sealed class MeshIdStep(ClusterLabels ofClusters, MembershipLabels ofMemberships, Projects projects) : Step<MeshIdSpec>
{
    private const string Label = "mesh_id";

    public override string Name => "mesh-id";

    protected override async Task<Plan> PlanAsync(MeshIdSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var target = spec.Cluster.ToTarget();
        var wanted = $"proj-{await projects.NumberAsync(spec.FleetProject, cancellationToken)}";

        // A membership that the rollout will make has no labels yet.
        var live = Live(await LabelsOf(spec).FindAsync(spec, cancellationToken));
        if (live is not null && live != wanted)
        {
            throw new MeshException(
                "MESH_ID_DIFFERS",
                $"{target} belongs to the mesh '{live}' by its label {Label}; the fleet's mesh is '{wanted}'.",
                "Take the cluster out of that mesh and remove the label, or use that mesh's fleet.");
        }

        if (live is null && spec.CheckOnly)
        {
            throw new MeshException(
                "MESH_ID_MISSING",
                $"{target} lacks the label {Label}={wanted}.",
                "Set it, or let the rollout do it: --enable_cluster_labels (or --enable_all).");
        }

        var path = PathOf(spec);
        return live == wanted
            ? Plans.Nothing()
            : Plans.Of(
                target.ResourceName,
                ChangeAction.Update,
                new FieldChange
                {
                    Path = path,
                    Before = Plans.Before(facts.Earlier, target.ResourceName, path, Values.Of(live)),
                    After = Values.Of(wanted),
                });
    }

    protected override async Task<Outcome> ApplyAsync(MeshIdSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var field = change.Fields[0];
        if (await LabelsOf(spec).FindAsync(spec, cancellationToken) is not { } found)
        {
            return Outcomes.Conflict(change.Resource, "it is not there any more");
        }

        return Undoing.Compare(field, Values.Of(Live(found))) switch
        {
            // Delivered twice, the second finds the first one's work.
            FieldState.After => Outcomes.Pending(),
            FieldState.Before => await SetAsync(spec, found, field.After?.StringValue, facts, cancellationToken),
            _ => Outcomes.Conflict(change.Resource, $"the label {Label} has changed since it was planned"),
        };
    }

    protected override async Task<Outcome> VerifyAsync(MeshIdSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        if (await LabelsOf(spec).FailureAsync(spec, facts.Handles, cancellationToken) is { } failure)
        {
            return failure;
        }

        var live = Live(await LabelsOf(spec).FindAsync(spec, cancellationToken));
        var isOurs = Undoing.Compare(change.Fields[0], Values.Of(live)) is FieldState.After;
        return isOurs == facts.Side is Side.After
            ? Outcomes.Done()
            : Outcomes.Conflict(change.Resource, $"the label {Label} is {Values.Show(Values.Of(live))}");
    }

    protected override async Task<Outcome> RevertAsync(MeshIdSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var field = change.Fields[0];
        await LabelsOf(spec).RestAsync(spec, cancellationToken);
        if (await LabelsOf(spec).FindAsync(spec, cancellationToken) is not { } found)
        {
            return Outcomes.Done();
        }

        var live = Values.Of(Live(found));
        return Undoing.Compare(field, live) switch
        {
            FieldState.Before => Outcomes.Done(),
            FieldState.After => await SetAsync(spec, found, field.Before?.StringValue, facts, cancellationToken),
            _ => Outcomes.Done([Undoing.Foreign(change.Resource, field, live)]),
        };
    }

    private Task<Outcome> SetAsync(MeshIdSpec spec, LabelMap read, string? value, WriteFacts facts, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, string>(read.Labels);
        labels.Remove(Label);
        if (value is not null)
        {
            labels.Add(Label, value);
        }

        return LabelsOf(spec).SetAsync(spec, read, labels, facts, cancellationToken);
    }

    private IMeshLabels LabelsOf(MeshIdSpec spec) => spec.Cluster.IsElsewhere() ? ofMemberships : ofClusters;

    private static string PathOf(MeshIdSpec spec) => spec.Cluster.IsElsewhere() ? $"labels.{Label}" : $"resourceLabels.{Label}";

    private static string? Live(LabelMap? found) => found?.Labels.GetValueOrDefault(Label);
}
