using System.Globalization;
using Google.Protobuf;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>Keeps the document of a cluster, or of what clusters share. Every record has its call's number; one that comes late, behind a later one, changes nothing.</summary>
internal sealed partial class ScopeRecorder(Documents documents, TimeProvider time, ILogger<ScopeRecorder> logger)
{
    /// <summary>Records how a call of a step went.</summary>
    public Task StepAsync(StepRequest request, StepResult result, IEnumerable<Residue> residue, CancellationToken cancellationToken)
    {
        var attempt = request.Attempt;
        var message = Message(result);
        return ChangeAsync(
            attempt.Run,
            attempt.Scope,
            new ClusterEvent("", time.GetUtcNow(), attempt.Number, attempt.Step, request.Phase, result.Kind.ToString(), message),
            document =>
            {
                var before = document.Steps.FirstOrDefault(s => s.App == attempt.App && s.Step == attempt.Step);
                return document with
                {
                    Steps = [.. document.Steps.Where(s => s != before), State(request, result, message, before)],
                    Residue = [.. document.Residue, .. residue.Select(Line).Where(line => !document.Residue.Contains(line))],
                };
            },
            cancellationToken);
    }

    /// <summary>Records where the cluster stands.</summary>
    public Task StateAsync(ScopeRecord record, CancellationToken cancellationToken) => ChangeAsync(
        record.Run,
        record.Scope,
        new ClusterEvent("", time.GetUtcNow(), record.Number, Step: null, Phase: null, record.State.ToString(), Explanation(record.Reason, record.Message)),
        document => document with
        {
            State = record.State,
            Reason = record.Reason ?? Earlier(record, document.Reason),
            Message = record.Message ?? Earlier(record, document.Message),

            // A new undo looks at everything anew.
            Residue = record.State is ClusterState.Compensating ? [] : document.Residue,
        },
        cancellationToken);

    /// <summary>Records what preflight saw.</summary>
    public Task SeenAsync(
        ScopeRecord record, SeenCluster seen, CancellationToken cancellationToken) => ChangeAsync(
        record.Run,
        record.Scope,
        new ClusterEvent("", time.GetUtcNow(), record.Number, Step: null, StepPhase.Preflight, record.State.ToString(), Explanation(record.Reason, record.Message)),
        document => document with
        {
            State = record.State,
            Reason = record.Reason,
            Message = record.Message,
            Labels = seen.Labels,
            Notices = seen.Notices,
            NetworkProject = seen.NetworkProject,
        },
        cancellationToken);

    private async Task ChangeAsync(
        RolloutRun run,
        StepScope scope,
        ClusterEvent happened,
        Func<ScopeDocument, ScopeDocument> change,
        CancellationToken cancellationToken)
    {
        var key = Ids.Key(scope);
        using var logged = Log.Scope(logger, run, scope.Name, happened.Step ?? "");
        var isNews = false;
        await documents.UpdateAsync(
            Documents.Scope(run.ToString(), scope),
            ReadModelJson.Default.ScopeDocument,
            found =>
            {
                var document = found ?? new ScopeDocument { Key = key, Scope = scope };
                if (happened.Call < document.Last)
                {
                    isNews = false;
                    return null;
                }

                isNews = !IsRepetition(document.Events, happened);
                return change(document) with
                {
                    Last = happened.Call,
                    Events = isNews ? [.. document.Events, happened with { Id = EventId(key, document.Events.Count + 1) }] : document.Events,
                };
            },
            cancellationToken);
        if (isNews)
        {
            Log.Happened(logger, happened.Phase?.ToString() ?? "State", happened.Outcome, happened.Message ?? "");
        }
    }

    // What is at work again has not failed yet.
    private static string? Earlier(ScopeRecord record, string? text) => record.State is ClusterState.Running ? null : text;

    private static StepState State(StepRequest request, StepResult result, string? message, StepState? before) => new(
        request.Attempt.App,
        request.Attempt.Step,
        request.Phase,
        result.Kind,
        request.Attempt.Attempt,
        request.Phase is StepPhase.Plan ? result.Changes : before?.Changes ?? 0,
        request.Phase is StepPhase.Plan ? request.Attempt.LedgerKey(request.Attempt.Attempt) : before?.LedgerKey,
        result.Kind is StepResultKind.Refused or StepResultKind.Conflict ? message : before?.LastError,
        result.Kind is StepResultKind.Wait ? result.Message : null,
        result.Kind is StepResultKind.Wait ? result.NotBefore : null);

    // The same call delivered again, or a wait that goes on, is no news.
    private static bool IsRepetition(IReadOnlyList<ClusterEvent> events, ClusterEvent happened) =>
        events is [.., var last]
        && (last with { Id = "", At = happened.At } == happened
            || (last.Outcome == nameof(StepResultKind.Wait) && last with { Id = "", At = happened.At, Call = happened.Call } == happened));

    private static string? Message(StepResult result) => result switch
    {
        { Reason: { } reason } => Explanation(reason, result.Message),
        { Residue: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{result.Residue} left, {result.Standing} of them ours"),
        { Digest: not null } => result.Changes == 0 ? "nothing to do" : string.Create(CultureInfo.InvariantCulture, $"{result.Changes} to change"),
        _ => result.Message,
    };

    private static string? Explanation(string? reason, string? message) => (reason, message) switch
    {
        (null, _) => message,
        (_, null or "") => reason,
        _ => $"{reason}: {message}",
    };

    private static ResidueLine Line(Residue residue) => new(
        residue.Resource,
        residue.Path,
        residue.Reason,
        residue.Found is null ? null : JsonFormatter.Default.Format(residue.Found),
        residue.Ours);

    private static string EventId(string clusterKey, int number) => string.Create(CultureInfo.InvariantCulture, $"{clusterKey}.{number}");

    private static partial class Log
    {
        /// <summary>What every line of a cluster, or of what clusters share, carries.</summary>
        public static readonly Func<ILogger, RolloutRun, string, string, IDisposable?> Scope =
            LoggerMessage.DefineScope<RolloutRun, string, string>("Rollout:{Rollout} Cluster:{Cluster} Step:{Step}");

        [LoggerMessage(LogLevel.Information, "{Phase}: {Outcome} {Message}")]
        public static partial void Happened(ILogger logger, string phase, string outcome, string message);
    }
}

/// <summary>What preflight saw of a cluster.</summary>
/// <param name="Labels">Its labels on GKE.</param>
/// <param name="Notices">What people should know.</param>
/// <param name="NetworkProject">The project of its network, where that network's firewall counts.</param>
internal sealed record SeenCluster(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<NoticeLine> Notices, string? NetworkProject);
