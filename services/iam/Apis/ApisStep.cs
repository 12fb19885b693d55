using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.GoogleCloud.ServiceUsage;
using MeshWorkflow.Protos.Iam.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Iam.Apis;

/// <summary>
/// The APIs that a mesh needs of a project. They stay enabled unless the request says otherwise: others may have begun to use
/// them, and nobody could tell.
/// </summary>
internal sealed class ApisStep(ServiceUsageApi usage, ServiceOperations operations, HubApi hub) : Step<ApisSpec>
{
    private const string Path = "state";
    private const string Enabled = "ENABLED";
    private const string Disabled = "DISABLED";
    private const string Fleet = "gkehub.googleapis.com";

    public override string Name => Ahead.Apis;

    protected override async Task<Plan> PlanAsync(ApisSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var states = await usage.StatesAsync(spec.Project, spec.Services, cancellationToken);
        var missing = spec.Services.Where(service => states.GetValueOrDefault(service) != Enabled).ToList();
        if (missing.Count > 0 && spec.CheckOnly)
        {
            throw new MeshException(
                "APIS_DISABLED",
                $"These APIs are not enabled in {spec.Project}: {string.Join(", ", missing)}.",
                "Enable them, or let the rollout do it: --enable_gcp_apis (or --enable_all).");
        }

        return new Plan
        {
            Changes = { missing.Select(service => Enabling(spec, service)) },
            ReliesOn = { spec.Services.Except(missing).Select(service => new Reliance { Resource = Resource(spec, service), Path = Path }) },
        };
    }

    protected override async Task<Outcome> ApplyAsync(ApisSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var missing = await InAsync(spec, plan, Disabled, cancellationToken);
        var handles = new List<string>();
        foreach (var some in missing.Chunk(ServiceUsageApi.MaxEnabled))
        {
            await facts.Gate.EnterAsync(cancellationToken);
            var operation = await usage.EnableAsync(spec.Project, some, cancellationToken);
            var (failure, handle) = ServiceOperations.Begun(operation, Resource(spec, some[0]));
            if (failure is not null)
            {
                return failure;
            }

            handles.AddRange(handle is null ? [] : [handle]);
        }

        return Outcomes.Pending(handles);
    }

    protected override async Task<Outcome> VerifyAsync(ApisSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        if (await operations.FailureAsync(facts.Handles, plan.Changes[0].Resource, cancellationToken) is { } failure)
        {
            return failure;
        }

        if (facts.Side is Side.Before && plan.Changes.All(change => change.Undo is Undo.Kept))
        {
            return Outcomes.Done();
        }

        var strays = await InAsync(spec, plan, facts.Side is Side.After ? Disabled : Enabled, cancellationToken);
        if (strays.Count > 0)
        {
            return Outcomes.Conflict(
                Resource(spec, strays[0]),
                $"{string.Join(", ", strays)}: {(facts.Side is Side.After ? "not enabled" : "still enabled")} in {spec.Project}");
        }

        if (facts.Side is Side.After && plan.Changes.Any(change => change.Resource == Resource(spec, Fleet)))
        {
            await AwaitFleetAsync(spec, cancellationToken);
        }

        return Outcomes.Done();
    }

    protected override async Task<Outcome> RevertAsync(ApisSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        if (plan.Changes.All(change => change.Undo is Undo.Kept))
        {
            return Outcomes.Done();
        }

        var handles = new List<string>();
        var residue = new List<Residue>();
        foreach (var service in (await InAsync(spec, plan, Enabled, cancellationToken)).Reverse())
        {
            await facts.Gate.EnterAsync(cancellationToken);
            try
            {
                var operation = await usage.DisableAsync(spec.Project, service, cancellationToken);
                var (failure, handle) = ServiceOperations.Begun(operation, Resource(spec, service));
                if (failure is not null)
                {
                    return failure;
                }

                handles.AddRange(handle is null ? [] : [handle]);
            }
            catch (GoogleCallException exception) when (exception is { Status: "FAILED_PRECONDITION", IsPassing: false })
            {
                // Something else uses it by now: it is theirs, and stays.
                residue.Add(new Residue
                {
                    Resource = Resource(spec, service),
                    Path = Path,
                    Found = Values.Of(Enabled),
                    Reason = $"left enabled: {exception.Error.Message}",
                });
            }
        }

        // A revert after the operations names what is left.
        return handles.Count > 0 ? Outcomes.Pending(handles) : Outcomes.Done(residue);
    }

    /// <exception cref="WaitException">The fleet's API is the one that answers for minutes as if it were off.</exception>
    private async Task AwaitFleetAsync(ApisSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            await hub.ListMembershipsAsync(spec.Project, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Reason == "SERVICE_DISABLED")
        {
            throw new WaitException($"{Fleet} is enabled in {spec.Project} and not in effect yet");
        }
        catch (GoogleCallException exception) when (exception is { Status: "PERMISSION_DENIED", IsPassing: false })
        {
            // It is in effect; who may use it is the roles' matter.
        }
    }

    private static Change Enabling(ApisSpec spec, string service)
    {
        var change = new Change
        {
            Resource = Resource(spec, service),
            Action = ChangeAction.Update,
            Fields = { Plans.Field(Path, Disabled, Enabled) },
            Undo = spec.DisableOnUndo ? Undo.Exact : Undo.Kept,
        };
        if (!spec.DisableOnUndo)
        {
            change.KeptBecause = "others may use the API by then; undo.disableApis: true disables it";
        }

        return change;
    }

    private async Task<IReadOnlyList<string>> InAsync(ApisSpec spec, Plan plan, string state, CancellationToken cancellationToken)
    {
        var services = plan.Changes.Select(change => change.Resource.Split('/')[^1]).ToList();
        var states = await usage.StatesAsync(spec.Project, services, cancellationToken);
        return [.. services.Where(service => (states.GetValueOrDefault(service) ?? Disabled) == state)];
    }

    private static string Resource(ApisSpec spec, string service) =>
        $"//serviceusage.googleapis.com/projects/{spec.Project}/services/{service}";
}
