using MeshWorkflow.GoogleCloud.MeshConfig;
using MeshWorkflow.GoogleCloud.ServiceUsage;
using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.MeshConfig;

namespace MeshWorkflow.Certificates.MeshCa;

/// <summary>
/// Mesh CA. It signs for whoever comes from a workload identity pool that the project's mesh configuration knows; the list is
/// shared with the rest of the mesh, only ever widened, and stays.
/// </summary>
internal sealed class MeshCaStep(PoolLists pools, ServiceUsageApi usage) : Step<MeshCaSpec>
{
    private const string Service = "meshca.googleapis.com";

    public override string Name => "mesh-ca";

    // It may be the first to initialise the project, which takes minutes; nothing of it is ever undone.
    public override TimeSpan? ApplyLimit => MeshConfigApi.InitializeTimeout;

    protected override async Task<Plan> PlanAsync(MeshCaSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        // In a project of its own the mesh's API brings it along; in a fleet elsewhere it is enabled by itself.
        if (spec.Project != spec.FleetProject && !spec.EnablesApis)
        {
            await RefuseDisabledAsync(spec, cancellationToken);
        }

        return await pools.PlanAsync(spec.Project, spec.WorkloadIdentityPools, spec.CheckOnly, cancellationToken);
    }

    protected override Task<Outcome> ApplyAsync(MeshCaSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        pools.ApplyAsync(spec.Project, plan, facts, cancellationToken);

    protected override Task<Outcome> VerifyAsync(MeshCaSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken) =>
        pools.VerifyAsync(spec.Project, plan, facts.Side, cancellationToken);

    protected override Task<Outcome> RevertAsync(MeshCaSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult(PoolLists.Kept());

    /// <exception cref="MeshException">The fleet's Mesh CA is off: <c>MESH_CA_DISABLED</c>.</exception>
    private async Task RefuseDisabledAsync(MeshCaSpec spec, CancellationToken cancellationToken)
    {
        var states = await usage.StatesAsync(spec.FleetProject, [Service], cancellationToken);
        if (states.GetValueOrDefault(Service) != "ENABLED")
        {
            throw new MeshException(
                "MESH_CA_DISABLED",
                $"{Service} is not enabled in {spec.FleetProject}.",
                "Enable it, or let the rollout do it: --enable_gcp_apis (or --enable_all).");
        }
    }
}
