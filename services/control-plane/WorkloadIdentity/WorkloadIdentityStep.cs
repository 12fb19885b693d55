using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.WorkloadIdentity;

/// <summary>
/// Workload identity of the cluster: without it no workload proves to Google's authorities who it is. A pool that is there is
/// used and stays. One of ours goes again, unless a node pool has begun to use it.
/// </summary>
internal sealed class WorkloadIdentityStep(GkeClusters clusters, ClusterUpdating updating) : Step<WorkloadIdentitySpec>
{
    private const string Path = "workloadIdentityConfig.workloadPool";
    private const string InUse = "GKE_METADATA";

    public override string Name => "workload-identity";

    protected override async Task<Plan> PlanAsync(WorkloadIdentitySpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var resource = spec.Cluster.ToName().ResourceName;
        if (Live(await clusters.GetAsync(spec.Cluster, cancellationToken)) is not null)
        {
            return Plans.Nothing();
        }

        if (spec.CheckOnly)
        {
            throw new MeshException(
                "WORKLOAD_IDENTITY_OFF",
                $"Workload identity is off on {spec.Cluster.ToName()}.",
                "Turn it on, or let the rollout do it: --enable_gcp_components (or --enable_all).");
        }

        return Plans.Of(resource, ChangeAction.Update, Plans.Field(Path, before: null, $"{spec.Cluster.Project}.svc.id.goog"));
    }

    protected override async Task<Outcome> ApplyAsync(
        WorkloadIdentitySpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var field = plan.Changes[0].Fields[0];
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        return Undoing.Compare(field, Values.Of(Live(cluster))) switch
        {
            // Delivered twice, the second finds the first one's work.
            FieldState.After => Outcomes.Pending(),
            FieldState.Before => await SetAsync(spec, cluster, field.After.StringValue, facts, cancellationToken),
            _ => Outcomes.Conflict(plan.Changes[0].Resource, "workload identity has changed since it was planned"),
        };
    }

    protected override async Task<Outcome> VerifyAsync(
        WorkloadIdentitySpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        if (await updating.FailureAsync(spec.Cluster, facts.Handles, cancellationToken) is { } failure)
        {
            return failure;
        }

        var live = Values.Of(Live(await clusters.GetAsync(spec.Cluster, cancellationToken)));
        var isOurs = Undoing.Compare(plan.Changes[0].Fields[0], live) is FieldState.After;
        return isOurs == facts.Side is Side.After
            ? Outcomes.Done()
            : Outcomes.Conflict(plan.Changes[0].Resource, $"the workload identity pool is {Values.Show(live)}");
    }

    protected override async Task<Outcome> RevertAsync(
        WorkloadIdentitySpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var change = plan.Changes[0];
        var field = change.Fields[0];
        await updating.RestAsync(spec.Cluster, cancellationToken);
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        var live = Values.Of(Live(cluster));
        var users = (cluster.NodePools ?? [])
            .Where(pool => pool.Config?.WorkloadMetadataConfig?.Mode == InUse).Select(pool => pool.Name).ToList();
        return Undoing.Compare(field, live) switch
        {
            FieldState.Before => Outcomes.Done(),
            FieldState.After when users.Count > 0 => Outcomes.Done([Kept(change, field, users)]),
            FieldState.After => await SetAsync(spec, cluster, field.Before?.StringValue ?? "", facts, cancellationToken),
            _ => Outcomes.Done([Undoing.Foreign(change.Resource, field, live)]),
        };
    }

    private static Residue Kept(Change change, FieldChange field, IReadOnlyList<string> users) => new()
    {
        Resource = change.Resource,
        Path = field.Path,
        Found = field.After,
        Reason = $"kept: node pools use it by now ({string.Join(", ", users)})",
    };

    private static string? Live(Cluster cluster) =>
        cluster.WorkloadIdentityConfig?.WorkloadPool is { Length: > 0 } pool ? pool : null;

    private Task<Outcome> SetAsync(
        WorkloadIdentitySpec spec, Cluster cluster, string pool, WriteFacts facts, CancellationToken cancellationToken) =>
        updating.UpdateAsync(
            spec.Cluster,
            cluster,
            new ClusterUpdate { DesiredWorkloadIdentityConfig = new Cluster.ClusterWorkloadIdentity { WorkloadPool = pool } },
            facts,
            cancellationToken);
}
