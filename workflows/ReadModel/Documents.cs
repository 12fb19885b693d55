using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MeshWorkflow.Ledger;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>Documents in the shared state.</summary>
internal sealed class Documents(MeshState state)
{
    // Neither a request nor what preflight saw ever changes; a few rollouts run at a time.
    private const int KeptRequests = 16;
    private readonly ConcurrentDictionary<string, FleetInstallRequest> _requests = new(StringComparer.Ordinal);

    public const string RolloutIndex = "index/rollouts";

    public static string Rollout(string run) => $"rollout/{run}";

    public static string Scope(string run, StepScope scope) => $"{(scope.IsShared ? "scope" : "cluster")}/{run}/{Ids.Key(scope)}";

    public static string Stages(string run) => $"stages/{run}";

    public static string Stage(string run, int stage) => string.Create(CultureInfo.InvariantCulture, $"stage/{run}/{stage}");

    public static string Control(string run) => $"control/{run}";

    public static string Request(string run) => $"request/{run}";

    public static string Head(string rollout) => $"head/{rollout}";

    public static string Idempotency(string keyHash) => $"idempotency/{keyHash}";

    public async Task<T?> GetAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        await state.GetAsync(key, cancellationToken) is { } found ? JsonSerializer.Deserialize(found.Value.Span, type) : null;

    public Task<ScopeDocument?> ScopeAsync(RolloutRun run, StepScope scope, CancellationToken cancellationToken) =>
        GetAsync(Scope(run.ToString(), scope), ReadModelJson.Default.ScopeDocument, cancellationToken);

    /// <summary>The clusters of a stage.</summary>
    /// <exception cref="InvalidOperationException">The stages have not been arranged.</exception>
    public async Task<StageClusters> StageAsync(RolloutRun run, int stage, CancellationToken cancellationToken) =>
        (await GetAsync(Stages(run.ToString()), ReadModelJson.Default.StageList, cancellationToken))?.Stages[stage]
        ?? throw new InvalidOperationException($"The stages of {run} have not been arranged.");

    /// <summary>The request that a run carries out, with what preflight saw once it is over.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public async Task<FleetInstallRequest> RequestAsync(RolloutRun run, CancellationToken cancellationToken)
    {
        if (_requests.TryGetValue(run.ToString(), out var known))
        {
            return known;
        }

        var request = await state.GetAsync(Request(run.ToString()), cancellationToken) is { } found
            ? RequestDigest.Read(found.Value)
            : throw new InvalidOperationException($"The state has no request of {run}.");
        return await GetAsync(Stages(run.ToString()), ReadModelJson.Default.StageList, cancellationToken) is { } arranged
            ? Keep(run, request with { NetworkProjects = arranged.NetworkProjects })
            : request;
    }

    /// <summary>Writes a document, unless there is one already: then that one stays.</summary>
    /// <returns>Whether it was written.</returns>
    public Task<bool> CreateAsync<T>(string key, T document, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        state.CreateAsync(key, JsonSerializer.SerializeToUtf8Bytes(document, type), cancellationToken);

    /// <summary>Changes a document; null from the change leaves it.</summary>
    /// <returns>Whether anything was written.</returns>
    public Task<bool> UpdateAsync<T>(string key, JsonTypeInfo<T> type, Func<T?, T?> change, CancellationToken cancellationToken)
        where T : class =>
        state.UpdateAsync(
            key,
            current =>
            {
                var next = change(current is { } value ? JsonSerializer.Deserialize(value.Span, type) : null);
                return next is null ? default(ReadOnlyMemory<byte>?) : JsonSerializer.SerializeToUtf8Bytes(next, type);
            },
            cancellationToken);

    private FleetInstallRequest Keep(RolloutRun run, FleetInstallRequest request)
    {
        if (_requests.Count >= KeptRequests)
        {
            _requests.Clear();
        }

        return _requests[run.ToString()] = request;
    }
}
