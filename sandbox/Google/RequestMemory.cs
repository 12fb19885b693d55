using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>Remembers requests that carry an id: a repetition gets what the first one got, and changes nothing.</summary>
/// <param name="operations">Where what a request began is found again.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestMemory(Operations operations, TimeProvider time) : ISavedPart
{
    /// <summary>For how long.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (object Result, DateTimeOffset At)> _requests = new(StringComparer.Ordinal);

    public string SavedAs => "requests";

    /// <summary>Does something once per request id. A request without one is done every time; one that is refused isn't remembered.</summary>
    /// <exception cref="GoogleFailure">The id is no UUID, or the nil one.</exception>
    public T Once<T>(GoogleRequest request, Func<T> act)
        where T : class
    {
        if (request.Query("requestId") is not { Length: > 0 } id)
        {
            return act();
        }

        if (!Guid.TryParseExact(id, "D", out var parsed) || parsed == Guid.Empty)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("request_id", $"request_id must be a valid UUID, and not the nil one: {id}"));
        }

        var key = $"{request.Call.Api}/{request.Call.Method}/{request.Project.Id}/{parsed}";
        if (_requests.TryGetValue(key, out var known) && known.At + Span > time.GetUtcNow())
        {
            return (T)known.Result;
        }

        var result = act();
        _requests[key] = (result, time.GetUtcNow());
        return result;
    }

    public JsonNode Save() => SavedJson.Write(_requests.Where(request => request.Value.At + Span > time.GetUtcNow()).Select(request => request.Value.Result switch
    {
        Operation operation => new SavedRequest(request.Key, request.Value.At, operation.Name, Status: 0, Body: null),
        Answer answer => new SavedRequest(request.Key, request.Value.At, Operation: null, answer.Status, answer.Body),
        var other => throw new InvalidOperationException($"A request is remembered with a {other.GetType().Name}."),
    }));

    public Action Read(JsonNode saved)
    {
        var requests = SavedJson.Read<IReadOnlyList<SavedRequest>>(saved);
        return () =>
        {
            _requests.Clear();
            foreach (var request in requests)
            {
                object? result = request.Operation is { } name ? operations.Find(name) : new Answer(request.Status, request.Body);
                if (result is not null)
                {
                    _requests[request.Key] = (result, request.At);
                }
            }
        };
    }

    private sealed record SavedRequest(string Key, DateTimeOffset At, string? Operation, int Status, JsonNode? Body);
}
