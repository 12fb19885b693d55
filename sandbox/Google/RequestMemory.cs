namespace MeshWorkflow.Sandbox.Google;

/// <summary>Remembers requests that carry an id: a repetition gets what the first one got, and changes nothing.</summary>
internal sealed class RequestMemory(TimeProvider time)
{
    /// <summary>For how long.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (object Result, DateTimeOffset At)> _requests = new(StringComparer.Ordinal);

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
}
