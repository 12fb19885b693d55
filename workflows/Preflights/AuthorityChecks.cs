using System.Runtime.CompilerServices;
using Dapr.Workflow;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Preflights;

/// <summary>
/// Whether what is to sign can: asked of the certificates service before the first write anywhere, by having it plan its steps. A
/// plan writes nothing; what its steps will see to themselves, or those before them, is no refusal.
/// </summary>
internal sealed class AuthorityChecks(StepClients clients, StepRecords records)
{
    private const string About = "the certificate authority";

    /// <summary>Looks at what signs for a cluster, or at a pool or a template that signs for several.</summary>
    public async Task<StepResult> LookAsync(FleetInstallRequest request, RolloutRun run, StepScope scope, CancellationToken cancellationToken)
    {
        await foreach (var reply in PlansAsync(request, run, scope, cancellationToken))
        {
            switch (reply.OutcomeCase)
            {
                case PlanReply.OutcomeOneofCase.Refused:
                    return StepOutcomes.Of(reply.Refused);
                case PlanReply.OutcomeOneofCase.Wait:
                    return StepOutcomes.Of(reply.Wait);
            }
        }

        return new StepResult(StepResultKind.Done);
    }

    /// <summary>The same as lines of preflight: what stands in the way, else that nothing does, and what people should know.</summary>
    public async Task<IReadOnlyList<PreflightLine>> LinesAsync(
        FleetInstallRequest request, RolloutRun run, StepScope scope, CancellationToken cancellationToken)
    {
        var lines = new List<PreflightLine>();
        await foreach (var reply in PlansAsync(request, run, scope, cancellationToken))
        {
            lines.AddRange(reply.OutcomeCase switch
            {
                PlanReply.OutcomeOneofCase.Refused =>
                    [new PreflightLine(reply.Refused.Reason, "refuse", About, reply.Refused.Message, reply.Refused.Hint)],
                PlanReply.OutcomeOneofCase.Wait => [new PreflightLine("AUTHORITY_UNKNOWN", "unknown", About, reply.Wait.Reason, "Try again later.")],
                _ => reply.Planned.Notices.Select(notice => new PreflightLine(
                    notice.Code, "notice", About, notice.Message, Link: notice.Link.Length == 0 ? null : notice.Link)),
            });
        }

        return lines.Exists(line => line.Verdict is not "notice")
            ? lines
            : [new PreflightLine("AUTHORITY_FIT", "pass", About, $"What is to sign for {scope.Name} can."), .. lines];
    }

    private async IAsyncEnumerable<PlanReply> PlansAsync(
        FleetInstallRequest request, RolloutRun run, StepScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var step in StepCatalog.Wanted(request, scope).Where(step => Certificates.IsLookedAtFirst(step)))
        {
            var attempt = new StepAttempt(run, scope, step.Name.App, step.Name.Step, Attempt: 1, Epoch: 0, Number: 0);
            yield return await clients.Steps(step.Name.App).PlanAsync(
                new PlanRequest { Call = attempt.ToCall(request), Spec = Any.Pack(step.SpecOf(request, scope)), Ahead = { PreflightChecks.Ahead(request) } },
                records.Options(cancellationToken));
        }
    }
}

/// <summary>Looks at the pools and templates that sign for the clusters of a rollout. Writes nothing outside.</summary>
internal sealed class CheckAuthorities(AuthorityChecks checks, StepRecords records) : WorkflowActivity<RolloutRun, StepResult>
{
    public override async Task<StepResult> RunAsync(WorkflowActivityContext context, RolloutRun input)
    {
        using var limit = records.Limit();
        var request = await records.RequestAsync(input, limit.Token);
        var unfit = new Dictionary<StepScope, StepResult>();
        foreach (var scope in StepCatalog.ScopesOf(request).Where(scope => scope.Kind is ScopeKind.CaPool or ScopeKind.CaTemplate))
        {
            // What can't be told now is told when its turn comes.
            if (await checks.LookAsync(request, input, scope, limit.Token) is { Kind: StepResultKind.Refused } refused)
            {
                unfit.Add(scope, refused);
            }
        }

        // As long as one cluster can be signed for, only those that can't are kept from beginning, when their pool's turn comes.
        var isForNobody = request.Clusters.All(cluster => Certificates.ScopesOf(request, cluster).Any(unfit.ContainsKey));
        return isForNobody && unfit.Count > 0 ? unfit.Values.First() : new StepResult(StepResultKind.Done);
    }
}
