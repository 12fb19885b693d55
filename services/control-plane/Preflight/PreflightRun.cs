using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.WebhookFirewall;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>
/// All checks of one cluster. A check that can't be made is one of them, with its reason: the others still say what they find. Only
/// a world that will answer by itself later is waited for.
/// </summary>
internal sealed class PreflightRun(OutcomeCalls calls, GkeClusters clusters, ProjectChecks projects, PackageChecks packages, InClusterChecks inside)
{
    // On a cluster that is refused for these nobody needs to look at what runs there.
    private static readonly string[] Hopeless = [Checks.ClusterNotRunning.Code, Checks.AutopilotCluster.Code];

    public async Task<PreflightReply> RunAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        var result = new Preflighted();
        Cluster? cluster = null;
        var wait = await AddAsync(
            request,
            Checks.ClusterUnknown,
            result,
            async token =>
            {
                cluster = await clusters.GetAsync(request.Cluster, token);
                return ClusterChecks.Of(request, cluster);
            },
            cancellationToken);
        if (wait is null && cluster is { } read)
        {
            wait = await AllAsync(request, read, result, cancellationToken);
        }

        return wait is null ? new PreflightReply { Checked = result } : new PreflightReply { Wait = wait };
    }

    private async Task<Wait?> AllAsync(PreflightRequest request, Cluster cluster, Preflighted result, CancellationToken cancellationToken)
    {
        var network = request.Cluster.IsElsewhere() ? null : ClusterNetwork.Of(request.Cluster.ToName(), cluster);
        result.Cluster = new ClusterFacts
        {
            NetworkProject = network?.Project ?? "",
            PrivateNodes = cluster.HasPrivateNodes,
            KubernetesVersion = cluster.CurrentMasterVersion,
            Labels = { cluster.ResourceLabels ?? new Dictionary<string, string>() },
        };
        var isHopeless = result.Checks.Any(check => Hopeless.Contains(check.Code));
        return await AddAsync(request, Checks.FleetUnknown, result, async token => await projects.Fleets.RunAsync(request, cluster, token), cancellationToken)
            ?? await AddAsync(
                request,
                Checks.RolesUnknown,
                result,
                async token => await projects.Roles.RunAsync(request, cluster.HasPrivateNodes ? network : null, token),
                cancellationToken)
            ?? await AddAsync(request, Checks.ApisEnabled, result, async token => await projects.Apis.RunAsync(request, token), cancellationToken)
            ?? await AddAsync(request, Checks.MeshPackage, result, async token => await packages.RunAsync(request, token), cancellationToken)
            ?? (isHopeless
                ? null
                : await AddAsync(
                    request, Checks.ControlPlanesUnknown, result, async token => await inside.RunAsync(request, cluster, token), cancellationToken));
    }

    // The wait that the checks end in, or null.
    private async Task<Wait?> AddAsync(
        PreflightRequest request,
        CheckDefinition unknown,
        Preflighted result,
        Func<CancellationToken, Task<IEnumerable<PreflightCheck>>> run,
        CancellationToken cancellationToken)
    {
        var outcome = await calls.RunAsync(
            request.Call,
            $"Preflight ({unknown.Code})",
            async (_, token) =>
            {
                try
                {
                    result.Checks.Add(await run(token));
                }
                catch (Exception exception) when (Ahead.Of(exception, request.Facts.Ahead) is { } until)
                {
                    result.Checks.Add(unknown.Unknown(exception.Message, until));
                }

                return Outcomes.Done();
            },
            cancellationToken);
        if (outcome.OutcomeCase is Outcome.OutcomeOneofCase.Refused)
        {
            result.Checks.Add(Of(outcome.Refused, unknown.About));
        }

        return outcome.Wait;
    }

    private static PreflightCheck Of(Refused refused, string about) => refused.Reason == Checks.ServicePerimeter.Code
        ? Checks.ServicePerimeter.Refuse(refused.Message, refused.Hint)
        : new PreflightCheck { Code = refused.Reason, About = about, Verdict = Verdict.Refuse, Message = refused.Message, Remedy = refused.Hint };
}

/// <summary>The checks that look at projects: read once for all clusters of them.</summary>
internal sealed record ProjectChecks(FleetChecks Fleets, RoleChecks Roles, ApiChecks Apis);
