using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.MeshConfig;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.GoogleCloud.ServiceUsage;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Changes;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.MeshConfig;

/// <summary>
/// The workload identity pools that projects' mesh configurations know. Google replaces the list with every call and doesn't show
/// it; so what was sent is remembered, what policies show is added, and the list only ever grows.
/// </summary>
/// <param name="memory">What was sent.</param>
/// <param name="meshConfig">Mesh Configuration.</param>
/// <param name="projects">Where policies show pools of others.</param>
/// <param name="usage">Tells an API that is off from one that is only not in effect yet.</param>
public sealed class PoolLists(PoolMemory memory, MeshConfigApi meshConfig, ResourceManagerApi projects, ServiceUsageApi usage)
{
    private const string Path = "workloadIdentityPools";
    private const string Service = "meshconfig.googleapis.com";

    /// <summary>Nothing is undone.</summary>
    public static Outcome Kept() => Outcomes.Done();

    /// <summary>Plans that a project's list has pools.</summary>
    /// <param name="project">The project.</param>
    /// <param name="wanted">The pools.</param>
    /// <param name="checkOnly">Whether nothing is to be written. What is missing can't be told then: the list can't be read.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The plan; without a change where all of them were sent before.</returns>
    public async Task<Plan> PlanAsync(
        string project, IReadOnlyCollection<string> wanted, bool checkOnly, CancellationToken cancellationToken)
    {
        var sent = await memory.SentAsync(project, cancellationToken);
        if (sent is not null && wanted.All(sent.Contains))
        {
            return Plans.Nothing();
        }

        if (checkOnly)
        {
            return Plans.Nothing().With(
                "MESH_CONFIG_UNKNOWN",
                $"Whether the mesh configuration of {project} is initialised for {string.Join(", ", wanted)} can't be read; the request doesn't say to do it (--enable_gcp_components or --enable_meshconfig_init).");
        }

        var all = PoolMemory.Union(sent, await ShownAsync(project, cancellationToken), wanted);
        return new Plan
        {
            Changes =
            {
                new Change
                {
                    Resource = Resource(project),
                    Action = sent is null ? ChangeAction.Create : ChangeAction.Update,
                    Fields = { Plans.Field(Path, sent is null ? null : Values.Of(sent), Values.Of(all)) },
                    Undo = Undo.Kept,
                    KeptBecause = "the list has no inverse, and other clusters may rely on it",
                },
            },
        };
    }

    /// <summary>Sends the planned list, and with it whatever another rollout has asked for meanwhile.</summary>
    /// <param name="project">The project.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="facts">Who asks.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The outcome.</returns>
    public async Task<Outcome> ApplyAsync(string project, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var wanted = Wanted(plan);
        if (await memory.SentAsync(project, cancellationToken) is { } sent && wanted.All(sent.Contains))
        {
            return Outcomes.Done();
        }

        // Asked before it is sent: whoever sends at the same time sees it, and the one who comes last sends both.
        var asked = await memory.AskAsync(project, wanted, cancellationToken);
        while (true)
        {
            await facts.Gate.EnterAsync(cancellationToken);
            await InitializeAsync(project, asked, cancellationToken);
            var now = await memory.ConfirmAsync(project, asked, cancellationToken);
            if (now.Count == asked.Count)
            {
                return Outcomes.Done();
            }

            asked = now;
        }
    }

    /// <summary>Says whether the planned list was sent. Before an undo and after it are the same.</summary>
    /// <param name="project">The project.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="side">Which side is wanted.</param>
    /// <param name="cancellationToken">The call's deadline.</param>
    /// <returns>The outcome.</returns>
    public async Task<Outcome> VerifyAsync(string project, Plan plan, Side side, CancellationToken cancellationToken)
    {
        var sent = await memory.SentAsync(project, cancellationToken) ?? [];
        return side is Side.Before || Wanted(plan).All(sent.Contains)
            ? Outcomes.Done()
            : Outcomes.Conflict(Resource(project), "the list was not sent");
    }

    private static IReadOnlyList<string> Wanted(Plan plan) => Values.Texts(plan.Changes[0].Fields[0].After);

    private static string Resource(string project) => $"//meshconfig.googleapis.com/projects/{project}";

    private async Task InitializeAsync(string project, IReadOnlyList<string> pools, CancellationToken cancellationToken)
    {
        try
        {
            await meshConfig.InitializeAsync(project, pools, cancellationToken);
        }
        catch (GoogleCallException exception) when (exception.Reason == "SERVICE_DISABLED")
        {
            var states = await usage.StatesAsync(project, [Service], cancellationToken);
            if (states.GetValueOrDefault(Service) == "ENABLED")
            {
                throw new WaitException($"{Service} is enabled in {project} and not in effect yet");
            }

            throw;
        }
    }

    // Pools that somebody else's initialisation bound: members of the shape group:POOL:/allAuthenticatedUsers/.
    private async Task<IEnumerable<string>> ShownAsync(string project, CancellationToken cancellationToken)
    {
        const string Start = "group:";
        const string End = ":/allAuthenticatedUsers/";
        try
        {
            var policy = await projects.GetPolicyAsync(project, cancellationToken);
            return (policy.Bindings ?? [])
                .SelectMany(binding => binding.Members ?? [])
                .Where(member => member.StartsWith(Start, StringComparison.Ordinal) && member.EndsWith(End, StringComparison.Ordinal))
                .Select(member => member[Start.Length..^End.Length]);
        }
        catch (GoogleCallException exception) when (exception is { Status: "PERMISSION_DENIED", IsPassing: false })
        {
            // Unknown then; what was remembered and what is wanted are sent.
            return [];
        }
    }
}
