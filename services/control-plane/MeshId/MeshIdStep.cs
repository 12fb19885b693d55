using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.MeshId;

/// <summary>The cluster's label <c>mesh_id</c>. The label is all that this step touches: the others go along as they were read.</summary>
internal sealed class MeshIdStep(GkeClusters clusters, ContainerApi container, Projects projects) : Step<MeshIdSpec>
{
    private const string Label = "mesh_id";
    private const string Path = $"resourceLabels.{Label}";

    public override string Name => "mesh-id";

    protected override async Task<Plan> PlanAsync(MeshIdSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var wanted = $"proj-{await projects.NumberAsync(spec.FleetProject, cancellationToken)}";
        var live = Live(await clusters.GetAsync(spec.Cluster, cancellationToken));
        if (live is not null && live != wanted)
        {
            throw new MeshException(
                "MESH_ID_DIFFERS",
                $"{spec.Cluster.ToName()} belongs to the mesh '{live}' by its label {Label}; the fleet's mesh is '{wanted}'.",
                "Take the cluster out of that mesh and remove the label, or use that mesh's fleet.");
        }

        if (live is null && spec.CheckOnly)
        {
            throw new MeshException(
                "MESH_ID_MISSING",
                $"{spec.Cluster.ToName()} lacks the label {Label}={wanted}.",
                "Set it, or let the rollout do it: --enable_cluster_labels (or --enable_all).");
        }

        var resource = spec.Cluster.ToName().ResourceName;
        return live == wanted
            ? Plans.Nothing()
            : Plans.Of(
                resource,
                ChangeAction.Update,
                new FieldChange
                {
                    Path = Path,
                    Before = Plans.Before(facts.Earlier, resource, Path, Values.Of(live)),
                    After = Values.Of(wanted),
                });
    }

    protected override async Task<Outcome> ApplyAsync(MeshIdSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var field = plan.Changes[0].Fields[0];
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        return Undoing.Compare(field, Values.Of(Live(cluster))) switch
        {
            // Delivered twice, the second finds the first one's work.
            FieldState.After => Outcomes.Pending(),
            FieldState.Before => await SetAsync(spec, cluster, field.After?.StringValue, facts, cancellationToken),
            _ => Outcomes.Conflict(plan.Changes[0].Resource, $"the label {Label} has changed since it was planned"),
        };
    }

    protected override async Task<Outcome> VerifyAsync(MeshIdSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        foreach (var handle in facts.Handles)
        {
            var operation = await FindOperationAsync(spec, handle, cancellationToken);
            if (operation is not null && operation.Status != "DONE")
            {
                throw new WaitException("the cluster's operation is running");
            }

            if (operation?.Error is { } error)
            {
                return Operations.Failed(change.Resource, error);
            }
        }

        var live = Live(await clusters.GetAsync(spec.Cluster, cancellationToken));
        var isOurs = Undoing.Compare(change.Fields[0], Values.Of(live)) is FieldState.After;
        return isOurs == facts.Side is Side.After
            ? Outcomes.Done()
            : Outcomes.Conflict(change.Resource, $"the label {Label} is {Values.Show(Values.Of(live))}");
    }

    protected override async Task<Outcome> RevertAsync(MeshIdSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var field = change.Fields[0];
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        var live = Values.Of(Live(cluster));
        return Undoing.Compare(field, live) switch
        {
            FieldState.Before => Outcomes.Done(),
            FieldState.After => await SetAsync(spec, cluster, field.Before?.StringValue, facts, cancellationToken),
            _ => Outcomes.Done([Undoing.Foreign(change.Resource, field, live)]),
        };
    }

    // The write takes the complete map, and the fingerprint of the one that was read.
    private async Task<Outcome> SetAsync(
        MeshIdSpec spec, Cluster cluster, string? value, WriteFacts facts, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, string>(cluster.ResourceLabels ?? []);
        labels.Remove(Label);
        if (value is not null)
        {
            labels.Add(Label, value);
        }

        await facts.Gate.EnterAsync(cancellationToken);
        try
        {
            var operation = await container.SetResourceLabelsAsync(
                spec.Cluster.ToName(), labels, cluster.LabelFingerprint ?? "", cancellationToken);
            return Outcomes.Pending(operation.Name);
        }
        catch (GoogleCallException exception) when (IsStale(exception))
        {
            return Outcomes.Conflict(spec.Cluster.ToName().ResourceName, exception.Message);
        }
    }

    // GKE has no reason for it, so the text decides here alone; taken for stale, the next plan looks again.
    private static bool IsStale(GoogleCallException exception) =>
        exception is { Status: "FAILED_PRECONDITION", IsPassing: false }
        && exception.Message.Contains("fingerprint", StringComparison.OrdinalIgnoreCase);

    private async Task<ContainerOperation?> FindOperationAsync(MeshIdSpec spec, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await container.GetOperationAsync(spec.Cluster.ToName(), name, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            return null;
        }
    }

    private static string? Live(Cluster cluster) => cluster.ResourceLabels?.GetValueOrDefault(Label);
}
