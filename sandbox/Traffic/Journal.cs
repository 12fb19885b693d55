using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>A call that came, or an operation that ended, with what it changed.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="At">When it ended.</param>
/// <param name="Api">Google's short name of the API, or <c>kubernetes</c>.</param>
/// <param name="Method">Such as <c>memberships.create</c>, <c>create namespaces</c>, or <c>operation</c>.</param>
/// <param name="HttpMethod">The HTTP method; empty: nobody called, an operation ended.</param>
/// <param name="Path">The path.</param>
/// <param name="Resource">The full name of the resource that it was about.</param>
/// <param name="Principal">Who called.</param>
/// <param name="Status">The HTTP status; 0: unanswered.</param>
/// <param name="Effects">What it changed.</param>
/// <param name="Body">What was sent, without secrets.</param>
public sealed record JournalEntry(
    int Number,
    DateTimeOffset At,
    string Api,
    string Method,
    string HttpMethod,
    string Path,
    string Resource,
    string Principal,
    int Status,
    IReadOnlyList<string> Effects,
    JsonNode? Body);

/// <summary>Everything that came and what it changed, in order.</summary>
internal sealed class Journal(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<JournalEntry> _entries = [];

    public void Add(ApiCall call, ApiRequest request, int status)
    {
        lock (_gate)
        {
            _entries.Add(new JournalEntry(
                _entries.Count + 1,
                time.GetUtcNow(),
                call.Api,
                call.Method,
                request.Method,
                request.Path,
                call.Resource,
                call.Principal,
                status,
                [.. call.Effects],
                call.Body?.DeepClone()));
        }
    }

    /// <summary>Notes what ended without a call.</summary>
    public void AddEnd(string api, string resource, IReadOnlyList<string> effects)
    {
        lock (_gate)
        {
            _entries.Add(new JournalEntry(_entries.Count + 1, time.GetUtcNow(), api, "operation", "", "", resource, "", 0, effects, null));
        }
    }

    /// <summary>Notes that the whole world was put back to a saved state.</summary>
    public void AddRestore(string effect)
    {
        lock (_gate)
        {
            _entries.Add(new JournalEntry(_entries.Count + 1, time.GetUtcNow(), "sandbox", "restore", "", "", "", "", 0, [effect], null));
        }
    }

    public IReadOnlyList<JournalEntry> After(int number)
    {
        lock (_gate)
        {
            return _entries[Math.Clamp(number, 0, _entries.Count)..];
        }
    }
}
