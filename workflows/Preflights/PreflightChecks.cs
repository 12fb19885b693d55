using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Preflights;

/// <summary>From a request to what preflight is asked, and from its checks to what becomes of the cluster.</summary>
internal static class PreflightChecks
{
    public static PreflightRequest RequestOf(FleetInstallRequest request, RolloutRun run, StepScope cluster) => new()
    {
        Call = new StepAttempt(run, cluster, ControlPlane.AppId, "preflight", Attempt: 1, Epoch: 0, Number: 0).ToCall(request),
        Cluster = request.TargetOf(cluster),
        Facts = new PreflightFacts
        {
            FleetProject = request.FleetProject,
            Revision = request.Mesh.Revision,
            MeshNamespace = ControlPlane.MeshNamespace,
            Roles = { ProjectsOf(request, cluster.Cluster).Select(project => RolesOf(request, project)) },
            Apis =
            {
                ProjectsOf(request, cluster.Cluster).Select(project => new ProjectApis { Project = project, Services = { Iam.ApisOf(request, project) } })
                    .Where(project => project.Services.Count > 0),
            },
            Ahead = { Ahead(request) },
            Member = request.Member ?? "",
            ControlPlane = ControlPlane.SpecOf(request, cluster),
        },
    };

    public static StepResult ResultOf(PreflightReply reply)
    {
        if (reply.OutcomeCase is PreflightReply.OutcomeOneofCase.Wait)
        {
            return StepOutcomes.Of(reply.Wait);
        }

        var refusals = RefusalsOf(reply).ToList();
        return refusals.Count == 0
            ? new StepResult(StepResultKind.Done)
            : new StepResult(
                StepResultKind.Refused,
                Reason: refusals[0].Code,
                Message: StepOutcomes.Cut(string.Join(" ", refusals.Select((refused, index) => index == 0 ? refused.Message : $"{refused.Code}: {refused.Message}"))));
    }

    /// <summary>Whether the cluster's API server answers already.</summary>
    public static bool IsReachable(PreflightReply reply) => reply.Checked?.Checks.Any(check => check.Code == "API_SERVER_REACHABLE") is true;

    /// <summary>Whether all that was refused may pass by itself.</summary>
    public static bool IsPassing(PreflightReply reply) =>
        reply.Checked?.Checks.Where(check => check.Verdict is Verdict.Refuse).ToList() is { Count: > 0 } refused && refused.All(check => check.Passing);

    public static IEnumerable<NoticeLine> RefusalsOf(PreflightReply reply) => reply.OutcomeCase switch
    {
        PreflightReply.OutcomeOneofCase.Refused => [new NoticeLine(reply.Refused.Reason, $"{reply.Refused.Message} {reply.Refused.Hint}".TrimEnd(), Link: null)],
        PreflightReply.OutcomeOneofCase.Checked => Lines(reply.Checked, Verdict.Refuse),
        PreflightReply.OutcomeOneofCase.Wait => [new NoticeLine("UNREACHABLE", reply.Wait.Reason, Link: null)],
        _ => throw new InvalidOperationException("The service answered without an outcome."),
    };

    /// <summary>The project of the cluster's network, where its firewall stands between API server and nodes.</summary>
    public static string? NetworkOf(Preflighted? seen) =>
        seen?.Cluster is { PrivateNodes: true, NetworkProject: { Length: > 0 } project } ? project : null;

    public static IReadOnlyList<NoticeLine> NoticesOf(Preflighted? seen) => seen is null ? [] : [.. Lines(seen, Verdict.Notice)];

    private static IEnumerable<NoticeLine> Lines(Preflighted seen, Verdict verdict) => seen.Checks
        .Where(check => check.Verdict == verdict)
        .Select(check => new NoticeLine(check.Code, $"{check.Message} {check.Remedy}".TrimEnd(), check.Link.Length == 0 ? null : check.Link));

    private static IEnumerable<string> ProjectsOf(FleetInstallRequest request, ClusterRef cluster) =>
        new[] { request.FleetProject, cluster.Project }.Distinct(StringComparer.Ordinal);

    private static Protos.ControlPlane.V1.ProjectRoles RolesOf(FleetInstallRequest request, string project) =>
        new() { Project = project, Roles = { Steps.ProjectRoles.Of(request, project) } };

    /// <summary>What the rollout will see to before it matters.</summary>
    public static IEnumerable<string> Ahead(FleetInstallRequest request)
    {
        var enable = request.Enable;
        (string Step, bool IsAllowed)[] steps =
        [
            ("roles", enable.IamRoles),
            ("apis", enable.Apis),
            ("workload-identity", enable.Components),
            ("logging-monitoring", enable.Components),
            ("fleet-membership", enable.Registration),
            ("mesh-id", enable.ClusterLabels),
            ("cluster-admin-binding", enable.ClusterRoles),
            ("mesh-namespace", enable.Namespace),
        ];
        return steps.Where(step => enable.All || step.IsAllowed).Select(step => step.Step).Concat(request.Firewall ? ["webhook-firewall"] : []);
    }
}
