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
internal sealed class PreflightRun(
    OutcomeCalls calls, GkeClusters clusters, FleetChecks fleets, RoleChecks roles, PackageChecks packages, ControlPlaneChecks controlPlanes)
{
    public async Task<PreflightReply> RunAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        var result = new Preflighted();
        Cluster? cluster = null;
        var wait = await AddAsync(
            request,
            "CLUSTER_UNKNOWN",
            result,
            async token =>
            {
                cluster = await clusters.GetAsync(request.Cluster, token);
                return ClusterChecks.Of(request, cluster);
            },
            cancellationToken);
        if (wait is not null || cluster is null)
        {
            return wait is null ? new PreflightReply { Checked = result } : new PreflightReply { Wait = wait };
        }

        var network = ClusterNetwork.Of(request.Cluster.ToName(), cluster);
        result.Cluster = new ClusterFacts
        {
            NetworkProject = network.Project,
            PrivateNodes = cluster.HasPrivateNodes,
            KubernetesVersion = cluster.CurrentMasterVersion,
            Labels = { cluster.ResourceLabels ?? new Dictionary<string, string>() },
        };
        wait = await AddAsync(
                request, "FLEET_UNKNOWN", result, async token => await fleets.RunAsync(request, cluster, token), cancellationToken)
            ?? await AddAsync(
                request,
                "ROLES_UNKNOWN",
                result,
                async token => await roles.RunAsync(request, network, cluster.HasPrivateNodes, token),
                cancellationToken)
            ?? await AddAsync(
                request, "MESH_PACKAGE", result, async token => await packages.RunAsync(request, token), cancellationToken);

        // On a cluster that is refused anyway nobody needs to look at what runs there.
        if (wait is null && !result.Checks.Any(check => check.Code is "CLUSTER_NOT_RUNNING" or "AUTOPILOT_CLUSTER"))
        {
            wait = await AddAsync(
                request,
                "CONTROL_PLANES_UNKNOWN",
                result,
                async token => await controlPlanes.RunAsync(request, clusters.Connect(cluster), token),
                cancellationToken);
        }

        return wait is null ? new PreflightReply { Checked = result } : new PreflightReply { Wait = wait };
    }

    // The wait that the checks end in, or null.
    private async Task<Wait?> AddAsync(
        PreflightRequest request,
        string unknown,
        Preflighted result,
        Func<CancellationToken, Task<IEnumerable<PreflightCheck>>> run,
        CancellationToken cancellationToken)
    {
        var outcome = await calls.RunAsync(
            request.Call,
            $"Preflight ({unknown})",
            async (_, token) =>
            {
                try
                {
                    result.Checks.Add(await run(token));
                }
                catch (Exception exception) when (Ahead.Of(exception, request.Facts.Ahead) is { } until)
                {
                    result.Checks.Add(Verdicts.Unknown(unknown, exception.Message, until));
                }

                return Outcomes.Done();
            },
            cancellationToken);
        if (outcome.OutcomeCase is Outcome.OutcomeOneofCase.Refused)
        {
            result.Checks.Add(Verdicts.Refuse(outcome.Refused.Reason, outcome.Refused.Message, outcome.Refused.Hint));
        }

        return outcome.Wait;
    }
}
