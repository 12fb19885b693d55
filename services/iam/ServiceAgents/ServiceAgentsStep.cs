using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.Iam.Policies;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Iam.ServiceAgents;

/// <summary>
/// What the fleet's service agents need on a cluster project that is not the fleet's own. Without it the fleet refuses to register
/// the project's clusters.
/// </summary>
internal sealed class ServiceAgentsStep(ResourceManagerApi projects, ProjectPolicies policies) : Step<ServiceAgentsSpec>
{
    public override string Name => "service-agents";

    protected override async Task<Plan> PlanAsync(ServiceAgentsSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        if (spec.Project == spec.FleetProject)
        {
            return Plans.Nothing();
        }

        var fleet = await projects.GetProjectAsync(spec.FleetProject, cancellationToken);
        var policy = await policies.Of(spec.Project).ReadAsync(cancellationToken);
        var needed = FleetAgent.All.Select(agent => new Grant(agent.Role, agent.Member(fleet.ProjectNumber))).ToList();
        var missing = needed.Where(grant => !policy.Has(grant)).ToList();
        if (missing.Count > 0 && spec.CheckOnly)
        {
            throw new MeshException(
                "SERVICE_AGENT_ROLES_MISSING",
                $"The fleet's service agents lack roles on {spec.Project}: {string.Join(", ", missing.Select(grant => $"{grant.Role} of {grant.Member}"))}.",
                "Grant them, or let the rollout do it: --enable_gcp_iam_roles (or --enable_all).");
        }

        return policies.Of(spec.Project).PlanFor(missing, needed.Except(missing));
    }

    protected override async Task<Outcome> ApplyAsync(
        ServiceAgentsSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            return await policies.Of(spec.Project).ApplyAsync(plan, facts, cancellationToken);
        }
        catch (MeshException exception) when (exception.Reason == "POLICY_NOT_ACCEPTED")
        {
            // An agent that was made a moment ago is not known everywhere yet.
            throw new WaitException($"the fleet's service agents are not known yet: {exception.Message}");
        }
    }

    protected override Task<Outcome> VerifyAsync(ServiceAgentsSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken) =>
        policies.Of(spec.Project).VerifyAsync(plan, facts.Side, cancellationToken);

    protected override Task<Outcome> RevertAsync(ServiceAgentsSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        policies.Of(spec.Project).RevertAsync(plan, facts, cancellationToken);
}
