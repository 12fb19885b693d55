using Grpc.Core;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Clusters;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Preflights;

/// <summary>Looks at all clusters of a request at once, before anybody begins anything. Writes nothing, stores nothing, and takes nothing.</summary>
internal sealed class FleetPreflight(StepClients clients, AuthorityChecks authorities, StepRecords records, OrchestratorIdentity identity)
{
    private const int AtOnce = 20;
    private static readonly string[] Verdicts = ["pass", "notice", "unknown", "refuse"];

    public async Task<PreflightView> RunAsync(FleetInstallRequest request, int generation, CancellationToken cancellationToken)
    {
        var run = new RolloutRun(request.Name, generation);
        using var room = new SemaphoreSlim(AtOnce);
        var shared = await SharedLinesAsync(request, run, cancellationToken);
        var clusters = await Task.WhenAll(request.Clusters.Select(async cluster =>
        {
            await room.WaitAsync(cancellationToken);
            try
            {
                return await LookAsync(request, run, cluster, shared, cancellationToken);
            }
            finally
            {
                room.Release();
            }
        }));
        var refused = clusters.Count(cluster => cluster.Verdict == "refuse");
        var unknown = clusters.Count(cluster => cluster.Verdict == "unknown");
        return new PreflightView(request.Name, clusters, new PreflightCounts(clusters.Length - refused - unknown, unknown, refused));
    }

    private async Task<PreflightedCluster> LookAsync(
        FleetInstallRequest request, RolloutRun run, ClusterRef cluster, IReadOnlyDictionary<StepScope, IReadOnlyList<PreflightLine>> shared, CancellationToken cancellationToken)
    {
        var scope = StepScope.Of(cluster);
        IReadOnlyList<PreflightLine> lines =
        [
            .. await LinesAsync(request, run, scope, cancellationToken),
            .. Certificates.ScopesOf(request, cluster).SelectMany(signing => shared[signing]),
        ];

        // What a step of the rollout will bring about keeps nobody waiting.
        var worst = lines.Select(line => line.UnknownUntil is null ? Array.IndexOf(Verdicts, line.Verdict) : Array.IndexOf(Verdicts, "notice")).DefaultIfEmpty(0).Max();
        return new PreflightedCluster(scope.Name, Verdicts[worst], lines);
    }

    private async Task<IReadOnlyList<PreflightLine>> LinesAsync(
        FleetInstallRequest request, RolloutRun run, StepScope cluster, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await clients.Preflight().CheckAsync(PreflightChecks.RequestOf(request, run, cluster), records.Options(cancellationToken));
            var lines = reply.OutcomeCase switch
            {
                PreflightReply.OutcomeOneofCase.Checked => [.. reply.Checked.Checks.Select(Line)],
                PreflightReply.OutcomeOneofCase.Wait => [new PreflightLine("UNREACHABLE", "unknown", "the cluster", reply.Wait.Reason, "Try again later.")],
                _ => new List<PreflightLine> { new(reply.Refused.Reason, "refuse", "the cluster", reply.Refused.Message, reply.Refused.Hint) },
            };
            return PreflightChecks.IsReachable(reply)
                ? [.. lines, .. await AuthorityAsync(request, run, cluster, cancellationToken), .. await OwnerAsync(request, run, cluster, cancellationToken)]
                : lines;
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [new PreflightLine("CALL_FAILED", "unknown", "the cluster", $"preflight did not answer: {exception.Status.Detail}", "See whether the services run.")];
        }
    }

    // A pool or a template that signs for many clusters is looked at once.
    private async Task<IReadOnlyDictionary<StepScope, IReadOnlyList<PreflightLine>>> SharedLinesAsync(
        FleetInstallRequest request, RolloutRun run, CancellationToken cancellationToken)
    {
        var lines = new Dictionary<StepScope, IReadOnlyList<PreflightLine>>();
        foreach (var scope in request.Clusters.SelectMany(cluster => Certificates.ScopesOf(request, cluster)).Distinct())
        {
            lines.Add(scope, await AuthorityAsync(request, run, scope, cancellationToken));
        }

        return lines;
    }

    private async Task<IReadOnlyList<PreflightLine>> AuthorityAsync(
        FleetInstallRequest request, RolloutRun run, StepScope scope, CancellationToken cancellationToken)
    {
        try
        {
            return await authorities.LinesAsync(request, run, scope, cancellationToken);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [new PreflightLine("CALL_FAILED", "unknown", "the certificate authority", $"the service certificates did not answer: {exception.Status.Detail}", "See whether the services run.")];
        }
    }

    private async Task<IEnumerable<PreflightLine>> OwnerAsync(
        FleetInstallRequest request, RolloutRun run, StepScope cluster, CancellationToken cancellationToken)
    {
        var holder = await identity.HolderAsync(run, cancellationToken);
        var claim = new ScopeClaim(run, cluster, Instance: "");
        var free = await clients.Ownership().CheckAsync(claim.ToOwnership(request, holder, epoch: 0), records.Options(cancellationToken));
        return free.OutcomeCase is Outcome.OutcomeOneofCase.Refused
            ? [new PreflightLine(free.Refused.Reason, "refuse", "the cluster", free.Refused.Message, free.Refused.Hint)]
            : [];
    }

    private static PreflightLine Line(PreflightCheck check) => new(
        check.Code,
        check.Verdict.ToString().ToLowerInvariant(),
        check.About,
        check.Message,
        OrNull(check.Remedy),
        OrNull(check.Link),
        OrNull(check.UnknownUntil));

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
