using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.GoogleCloud.ServiceUsage;
using MeshWorkflow.Iam.Apis;
using MeshWorkflow.Iam.Policies;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Iam.ServiceAgents;

/// <summary>
/// The fleet's service agents exist. Google makes them when an API is first used, which is later than their roles are needed.
/// They belong to Google and stay.
/// </summary>
internal sealed class ServiceIdentitiesStep(
    ResourceManagerApi projects, ProjectPolicies policies, ServiceUsageApi usage, ServiceOperations operations) : Step<ServiceIdentitiesSpec>
{
    private const string Path = "email";

    public override string Name => "service-identities";

    protected override async Task<Plan> PlanAsync(ServiceIdentitiesSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var fleet = await projects.GetProjectAsync(spec.FleetProject, cancellationToken);
        var policy = await TryReadAsync(spec, cancellationToken);
        var written = facts.Earlier.SelectMany(plan => plan.Changes).Select(change => change.Resource).ToHashSet(StringComparer.Ordinal);
        var missing = FleetAgent.All
            .Where(agent => !IsIn(policy, agent.Member(fleet.ProjectNumber)) && !written.Contains(Resource(spec, agent)))
            .ToList();
        return spec.CheckOnly
            ? Plans.Nothing()
            : new Plan { Changes = { missing.Select(agent => Making(spec, agent, fleet.ProjectNumber)) } };
    }

    protected override async Task<Outcome> ApplyAsync(
        ServiceIdentitiesSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var handles = new List<string>();
        foreach (var change in plan.Changes)
        {
            // Made again, an identity is found; nothing tells beforehand.
            await facts.Gate.EnterAsync(cancellationToken);
            var operation = await usage.GenerateIdentityAsync(spec.FleetProject, ServiceOf(change), cancellationToken);
            var (failure, handle) = ServiceOperations.Begun(operation, change.Resource);
            if (failure is not null)
            {
                return failure;
            }

            handles.AddRange(handle is null ? [] : [handle]);
        }

        return Outcomes.Pending(handles);
    }

    protected override async Task<Outcome> VerifyAsync(
        ServiceIdentitiesSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken) =>
        await operations.FailureAsync(facts.Handles, plan.Changes[0].Resource, cancellationToken) ?? Outcomes.Done();

    protected override Task<Outcome> RevertAsync(
        ServiceIdentitiesSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) => Task.FromResult(Outcomes.Done());

    private static bool IsIn(Policy? policy, string member) =>
        policy?.Bindings?.Any(binding => binding.Members?.Any(held => Grant.AreSame(held, member)) is true) is true;

    private static Change Making(ServiceIdentitiesSpec spec, FleetAgent agent, string fleetNumber) => new()
    {
        Resource = Resource(spec, agent),
        Action = ChangeAction.Create,
        Fields = { Plans.Field(Path, before: null, agent.Email(fleetNumber)) },
        Undo = Undo.Kept,
        KeptBecause = "the account is Google's own and can't be deleted",
    };

    private static string Resource(ServiceIdentitiesSpec spec, FleetAgent agent) =>
        $"//serviceusage.googleapis.com/projects/{spec.FleetProject}/services/{agent.Service}/identity";

    private static string ServiceOf(Change change) => change.Resource.Split('/')[^2];

    // Who may not read the policy asks for the agents all the same: made twice, they are found.
    private async Task<Policy?> TryReadAsync(ServiceIdentitiesSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            return await policies.Of(spec.FleetProject).ReadAsync(cancellationToken);
        }
        catch (GoogleCallException exception) when (exception is { Status: "PERMISSION_DENIED", IsPassing: false, IsKeptOut: false, Reason: not "SERVICE_DISABLED" })
        {
            return null;
        }
    }
}
