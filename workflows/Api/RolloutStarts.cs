using System.Security.Cryptography;
using System.Text;
using Dapr.Workflow;
using Grpc.Core;
using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.Calls;
using MeshWorkflow.Workflows.Hosting;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Rollouts;
using MeshWorkflow.Workflows.Scopes;
using MeshWorkflow.Workflows.Steps;
using Microsoft.Extensions.Options;

namespace MeshWorkflow.Workflows.Api;

/// <summary>
/// Begins rollouts and their undo. What is to be begun is written before the workflow is started; where a crash comes between the
/// two, the next start of the orchestrator goes on.
/// </summary>
internal sealed class RolloutStarts(
    Documents documents, MeshState state, DaprWorkflowClient workflows, IOptions<RolloutOptions> options, TimeProvider time)
{
    /// <summary>
    /// Begins a rollout. The same request while it runs answers the one that runs; after it has ended it is the next generation.
    /// </summary>
    public async Task<Started> InstallAsync(FleetInstallRequest request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var digest = RequestDigest.Of(request);
        if (idempotencyKey is null)
        {
            return await StartAsync(request, digest, cancellationToken);
        }

        var kept = Documents.Idempotency(Hash(idempotencyKey));
        return await KeptAsync(kept, digest, cancellationToken) switch
        {
            { } answer when answer.Digest != digest => new Started(StartKind.KeyReused, answer.Run),
            { Run: { Length: > 0 } run } => new Started(StartKind.Found, run),
            _ => await StartKeptAsync(kept, request, digest, cancellationToken),
        };
    }

    // The key stands for this content before anything begins: the same key with another content at the same time begins nothing.
    private async Task<KeptAnswer?> KeptAsync(string kept, string digest, CancellationToken cancellationToken) =>
        await documents.CreateAsync(kept, new KeptAnswer("", digest), ReadModelJson.Default.KeptAnswer, cancellationToken)
            ? null
            : await documents.GetAsync(kept, ReadModelJson.Default.KeptAnswer, cancellationToken);

    private async Task<Started> StartKeptAsync(string kept, FleetInstallRequest request, string digest, CancellationToken cancellationToken)
    {
        var started = await StartAsync(request, digest, cancellationToken);
        if (started.Kind is StartKind.Begun or StartKind.Found)
        {
            await documents.UpdateAsync(
                kept,
                ReadModelJson.Default.KeptAnswer,
                current => current is { Run.Length: 0 } ? current with { Run = started.Run } : null,
                cancellationToken);
        }

        return started;
    }

    /// <summary>Begins the undo of a rollout that has ended.</summary>
    public async Task<StartKind> RollBackAsync(string run, CancellationToken cancellationToken)
    {
        var kind = StartKind.Begun;
        await documents.UpdateAsync(
            Documents.Rollout(run),
            ReadModelJson.Default.RolloutDocument,
            document =>
            {
                kind = document switch
                {
                    null => StartKind.Unknown,
                    { HasEnded: true } => StartKind.Begun,
                    { State: RolloutState.RollingBack } => StartKind.Found,
                    _ => StartKind.Busy,
                };
                return document is { HasEnded: true }
                    ? document with { State = RolloutState.RollingBack, Rollbacks = document.Rollbacks + 1, EndedAt = null }
                    : null;
            },
            cancellationToken);
        if (kind is StartKind.Begun or StartKind.Found)
        {
            await EnsureAsync(run, cancellationToken);
        }

        return kind;
    }

    /// <summary>Sees that what is written as begun has its workflow.</summary>
    public async Task EnsureAsync(string run, CancellationToken cancellationToken)
    {
        var document = await documents.GetAsync(Documents.Rollout(run), ReadModelJson.Default.RolloutDocument, cancellationToken);
        if (document is not { State: RolloutState.Pending or RolloutState.RollingBack })
        {
            return;
        }

        var generation = new RolloutRun(document.Name, document.Generation);
        var timing = Timing.Of(options.Value, await documents.RequestAsync(generation, cancellationToken));
        var number = UndoNumber.ByHand(document.Rollbacks);
        var (workflow, id, input) = document.State is RolloutState.Pending
            ? (nameof(FleetInstall), run, (object)new RolloutInput(generation, timing))
            : (nameof(Compensation),
                Ids.Compensation(run, number),
                new CompensationInput(generation, timing, number, CompensationInput.WholeRollout, "ROLLED_BACK", document.Rollbacks));
        if ((await workflows.GetWorkflowStateAsync(id, getInputsAndOutputs: false, cancellationToken)).Exists)
        {
            return;
        }

        try
        {
            await workflows.ScheduleNewWorkflowAsync(workflow, id, input, startTime: (DateTimeOffset?)null, cancellationToken);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.AlreadyExists)
        {
            // Somebody else saw to it at the same time.
            return;
        }
    }

    private async Task<Started> StartAsync(FleetInstallRequest request, string digest, CancellationToken cancellationToken)
    {
        string? ours = null;
        while (true)
        {
            var head = await documents.GetAsync(Documents.Head(request.Name), ReadModelJson.Default.RolloutHead, cancellationToken);
            var document = head is null
                ? null
                : await documents.GetAsync(
                    Documents.Rollout(LedgerKeys.Run(request.Name, head.Generation)), ReadModelJson.Default.RolloutDocument, cancellationToken);
            if (head is not null && document is { HasEnded: false })
            {
                await EnsureAsync(document.Id, cancellationToken);
                return new Started(KindOf(document.Id, head.Digest), document.Id);
            }

            // A head without a document is a start that is under way, or was cut off: whoever comes takes it up.
            var run = new RolloutRun(request.Name, head is not null && document is null ? head.Generation : (head?.Generation ?? 0) + 1);
            var (isOurs, owned) = await OwnAsync(run, request, cancellationToken);
            ours = isOurs ? run.ToString() : ours;
            var next = new RolloutHead(run.Generation, RequestDigest.Of(owned));
            if (next == head || await MoveAsync(request.Name, head, next, cancellationToken))
            {
                await WriteAsync(run, owned, cancellationToken);
                await EnsureAsync(run.ToString(), cancellationToken);
                return new Started(KindOf(run.ToString(), next.Digest), run.ToString());
            }
        }

        StartKind KindOf(string run, string begun) => run == ours ? StartKind.Begun : begun == digest ? StartKind.Found : StartKind.Busy;
    }

    // Of all who want to begin a generation at once, the one whose request is written has begun it; the others see to it that it goes on.
    private async Task<(bool IsOurs, FleetInstallRequest Request)> OwnAsync(RolloutRun run, FleetInstallRequest request, CancellationToken cancellationToken)
    {
        var key = Documents.Request(run.ToString());
        if (await state.CreateAsync(key, RequestDigest.Write(request), cancellationToken))
        {
            return (true, request);
        }

        return await state.GetAsync(key, cancellationToken) is { } found
            ? (false, RequestDigest.Read(found.Value))
            : throw new InvalidOperationException($"The state has lost the request of {run}.");
    }

    private Task<bool> MoveAsync(string name, RolloutHead? seen, RolloutHead next, CancellationToken cancellationToken) => documents.UpdateAsync(
        Documents.Head(name), ReadModelJson.Default.RolloutHead, current => current == seen ? next : null, cancellationToken);

    private async Task WriteAsync(RolloutRun run, FleetInstallRequest request, CancellationToken cancellationToken)
    {
        var id = run.ToString();
        await documents.UpdateAsync(
            Documents.RolloutIndex,
            ReadModelJson.Default.ListString,
            runs => runs is null ? [id] : runs.Contains(id) ? null : [.. runs, id],
            cancellationToken);
        await documents.CreateAsync(
            Documents.Rollout(id),
            new RolloutDocument
            {
                Id = id,
                Name = run.Name,
                Generation = run.Generation,
                FleetProject = request.FleetProject,
                State = RolloutState.Pending,
                CreatedAt = time.GetUtcNow(),
                Clusters = request.Clusters,
            },
            ReadModelJson.Default.RolloutDocument,
            cancellationToken);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>What a start came to.</summary>
/// <param name="Kind">What.</param>
/// <param name="Run">The generation that it is about.</param>
internal sealed record Started(StartKind Kind, string Run);

/// <summary>What a start came to.</summary>
internal enum StartKind
{
    /// <summary>It was begun.</summary>
    Begun,

    /// <summary>The same had been begun before.</summary>
    Found,

    /// <summary>Something else is under way under that name.</summary>
    Busy,

    /// <summary>The idempotency key stands for another request.</summary>
    KeyReused,

    /// <summary>There is no such rollout.</summary>
    Unknown,
}
