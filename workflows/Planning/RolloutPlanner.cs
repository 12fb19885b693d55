using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Preflights;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.Planning;

/// <summary>Asks every step of a request what it would change. Writes nothing, stores nothing, and takes nothing.</summary>
internal sealed class RolloutPlanner(StepClients clients, StepRecords records)
{
    private const int AtOnce = 8;
    private const int MaxValue = 2_000;

    public async Task<PlanView> PlanAsync(FleetInstallRequest request, int generation, CancellationToken cancellationToken)
    {
        var run = new RolloutRun(request.Name, generation);
        var looks = await InChunksAsync(request.Clusters, async cluster =>
            (Cluster: StepScope.Of(cluster), Look: await LookAsync(request, run, StepScope.Of(cluster), cancellationToken)));
        var seen = request with
        {
            NetworkProjects = request.Firewall ? [.. looks.Select(one => one.Look.Network).OfType<string>().Distinct().Order(StringComparer.Ordinal)] : [],
        };
        var scopes = StepCatalog.ScopesOf(seen).Select(scope => (Scope: scope, Problems: new List<PlanProblem>()))
            .Concat(looks.Select(one => (Scope: one.Cluster, one.Look.Problems)));
        var planned = await InChunksAsync(scopes, one => PlanAsync(seen, run, one.Scope, one.Problems, cancellationToken));

        var changes = planned.SelectMany(one => one.Scope.Steps).SelectMany(step => step.Changes).ToList();
        var problems = planned.SelectMany(one => one.Problems).ToList();
        return new PlanView(
            request.Name,
            problems,
            [.. planned.Select(one => one.Scope)],
            new PlanCounts(
                changes.Count(change => change.Action == "create"),
                changes.Count(change => change.Action == "update"),
                changes.Count(change => change.Undo == "kept"),
                problems.Count));
    }

    private static async Task<List<TResult>> InChunksAsync<T, TResult>(IEnumerable<T> items, Func<T, Task<TResult>> run)
    {
        var results = new List<TResult>();
        foreach (var some in items.Chunk(AtOnce))
        {
            results.AddRange(await Task.WhenAll(some.Select(run)));
        }

        return results;
    }

    private async Task<(PlannedScope Scope, IReadOnlyList<PlanProblem> Problems)> PlanAsync(
        FleetInstallRequest request, RolloutRun run, StepScope scope, List<PlanProblem> problems, CancellationToken cancellationToken)
    {
        var steps = new List<PlannedStep>();
        var ahead = StepCatalog.Before(scope).ToList();
        foreach (var definition in StepCatalog.Wanted(request, scope))
        {
            var reply = await AskAsync(request, run, scope, definition, ahead, cancellationToken);
            if (reply.OutcomeCase is not PlanReply.OutcomeOneofCase.Planned)
            {
                problems.Add(Problem(scope, definition, reply));
            }
            else
            {
                steps.Add(View(definition, reply.Planned));
            }

            ahead.Add(definition.Name.Step);
        }

        return (new PlannedScope(scope.ToString(), StageOf(request, scope), steps), problems);
    }

    private async Task<(List<PlanProblem> Problems, string? Network)> LookAsync(
        FleetInstallRequest request, RolloutRun run, StepScope scope, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await clients.Preflight().CheckAsync(PreflightChecks.RequestOf(request, run, scope), records.Options(cancellationToken));
            return (
                [.. PreflightChecks.RefusalsOf(reply).Select(refused => new PlanProblem(scope.ToString(), Step: null, refused.Code, refused.Message))],
                PreflightChecks.NetworkOf(reply.Checked));
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ([new PlanProblem(scope.ToString(), Step: null, "CALL_FAILED", $"preflight did not answer: {exception.Status.Detail}")], null);
        }
    }

    private async Task<PlanReply> AskAsync(
        FleetInstallRequest request,
        RolloutRun run,
        StepScope scope,
        StepDefinition definition,
        IEnumerable<string> ahead,
        CancellationToken cancellationToken)
    {
        var attempt = new StepAttempt(run, scope, definition.Name.App, definition.Name.Step, Attempt: 1, Epoch: 0, Number: 0);
        try
        {
            return await clients.Steps(definition.Name.App).PlanAsync(
                new PlanRequest { Call = attempt.ToCall(request), Spec = Any.Pack(definition.SpecOf(request, scope)), Ahead = { ahead } },
                records.Options(cancellationToken));
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new PlanReply
            {
                Refused = new Refused { Reason = "CALL_FAILED", Message = $"{definition.Name.App} did not answer: {exception.Status.Detail}" },
            };
        }
    }

    private static PlanProblem Problem(StepScope scope, StepDefinition definition, PlanReply reply) => reply.OutcomeCase switch
    {
        PlanReply.OutcomeOneofCase.Refused => new PlanProblem(
            scope.ToString(), definition.Name.Step, reply.Refused.Reason, $"{reply.Refused.Message} {reply.Refused.Hint}".TrimEnd()),
        PlanReply.OutcomeOneofCase.Wait => new PlanProblem(scope.ToString(), definition.Name.Step, "NOT_NOW", reply.Wait.Reason),
        _ => throw new InvalidOperationException("The service answered without an outcome."),
    };

    private static string? StageOf(FleetInstallRequest request, StepScope scope) => scope.IsShared
        ? null
        : request.Rollout.Stages.FirstOrDefault(stage => !stage.IsRest && stage.Takes(scope.Cluster, new Dictionary<string, string>()))?.Name
            ?? (request.Rollout.Stages.Any(stage => stage.Labels.Count > 0) ? null : request.Rollout.Stages.FirstOrDefault(stage => stage.IsRest)?.Name);

    private static PlannedStep View(StepDefinition definition, Plan plan) => new(
        definition.Name.App,
        definition.Name.Step,
        [.. plan.Changes.Select(View)],
        [.. plan.Notices.Select(notice => new NoticeLine(notice.Code, notice.Message, notice.Link.Length == 0 ? null : notice.Link))],
        plan.Attachments.Count == 0 ? null : [.. plan.Attachments.Select(text => new PlannedText(text.Name, text.Title, text.Text))]);

    private static PlannedChange View(Change change) => new(
        change.Resource,
        change.Action is ChangeAction.Create ? "create" : "update",
        [.. change.Fields.Select(field => new PlannedField(field.Path, Text(field.Before), Text(field.After), field.KnownAfter.Length == 0 ? null : field.KnownAfter))],
        change.Undo is Undo.Kept ? "kept" : "exact",
        change.KeptBecause.Length == 0 ? null : change.KeptBecause);

    private static string? Text(Value? value)
    {
        var text = value is null ? null : JsonFormatter.Default.Format(value);
        return text is { Length: > MaxValue } ? text[..MaxValue] + "…" : text;
    }
}
