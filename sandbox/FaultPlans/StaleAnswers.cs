using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>What reads answered lately: somewhere behind an API there is always a copy that lags. A read that nobody made before is never stale.</summary>
internal sealed class StaleAnswers(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(DateTimeOffset At, Answer Answer)>> _answers = new(StringComparer.Ordinal);

    /// <summary>The oldest answer of the same read that isn't older than the lag, or null. Remembers the fresh one in any case.</summary>
    public Answer Of(ApiRequest request, TimeSpan lag, Answer fresh)
    {
        if (fresh.Stream is not null || fresh.Status is 401 or 429 or >= 500)
        {
            return fresh;
        }

        lock (_gate)
        {
            var key = $"{request.Method} {request.Path}?{string.Join('&', request.Query.Select(pair => $"{pair.Key}={pair.Value}"))} {request.Accept} {request.Content}";
            if (!_answers.TryGetValue(key, out var known))
            {
                _answers.Add(key, known = []);
            }

            var now = time.GetUtcNow();
            known.RemoveAll(each => each.At < now - lag);
            known.Add((now, fresh));
            return known[0].Answer;
        }
    }
}
