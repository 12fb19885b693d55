using MeshWorkflow.GoogleCloud.MeshConfig;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.MeshConfig;

namespace MeshWorkflow.Iam.MeshConfig;

/// <summary>
/// The project's mesh configuration, which lets the mesh's workloads report to Google. Its pool list can't be read and has no
/// inverse: it is only ever widened, and stays.
/// </summary>
internal sealed class MeshConfigInitializeStep(PoolLists pools) : Step<MeshConfigInitializeSpec>
{
    public override string Name => "mesh-config-initialize";

    // The first of a project takes minutes, and nothing of it is ever undone.
    public override TimeSpan? ApplyLimit => MeshConfigApi.InitializeTimeout;

    protected override Task<Plan> PlanAsync(MeshConfigInitializeSpec spec, PlanFacts facts, CancellationToken cancellationToken) =>
        pools.PlanAsync(spec.Project, spec.WorkloadIdentityPools, spec.CheckOnly, cancellationToken);

    protected override Task<Outcome> ApplyAsync(
        MeshConfigInitializeSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        pools.ApplyAsync(spec.Project, plan, facts, cancellationToken);

    protected override Task<Outcome> VerifyAsync(
        MeshConfigInitializeSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken) =>
        pools.VerifyAsync(spec.Project, plan, facts.Side, cancellationToken);

    protected override Task<Outcome> RevertAsync(
        MeshConfigInitializeSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) => Task.FromResult(PoolLists.Kept());
}
