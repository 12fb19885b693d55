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
/// <param name="Effects">What it changed; of an operation that failed on order, what it took back of its beginning: <c>failed</c> and the resource.</param>
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
    IReadOnlyList<string> Effects)
{
    private readonly string? _body;
    private readonly string _query = "";

    /// <summary>The names of the query's parameters.</summary>
    public IReadOnlyList<string> Query
    {
        get => [.. _query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        init => _query = QueryOf(value);
    }

    /// <summary>What was sent, without secrets.</summary>
    public JsonNode? Body
    {
        get => _body is null ? null : JsonNode.Parse(_body);
        init => _body = value?.ToJsonString(AnswerJson.Options);
    }

    // Kept as text, the same one for all that sent the same: a tree takes ten times the room.
    internal string? BodyText
    {
        init => _body = value;
    }

    internal string QueryText
    {
        init => _query = value;
    }

    internal static string QueryOf(IEnumerable<string> names) => string.Join('&', names.Select(Uri.EscapeDataString));
}

/// <summary>Everything that came and what it changed, in order; of very much, the last.</summary>
internal sealed class Journal(TimeProvider time, int size = Journal.DefaultSize)
{
    /// <summary>How many entries are kept.</summary>
    public const int DefaultSize = 500_000;

    private readonly Lock _gate = new();
    private readonly List<JournalEntry> _entries = [];
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private int _forgotten;

    public void Add(ApiCall call, ApiRequest request, int status)
    {
        var body = call.Body?.ToJsonString(AnswerJson.Options);
        lock (_gate)
        {
            Add(new JournalEntry(
                NextNumber,
                time.GetUtcNow(),
                call.Api,
                call.Method,
                request.Method,
                request.Path,
                call.Resource,
                call.Principal,
                status,
                [.. call.Effects])
            {
                QueryText = Shared(JournalEntry.QueryOf(request.Query.Keys)),
                BodyText = body is null ? null : Shared(body),
            });
        }
    }

    /// <summary>Notes what ended without a call.</summary>
    public void AddEnd(string api, string resource, IReadOnlyList<string> effects)
    {
        lock (_gate)
        {
            Add(new JournalEntry(NextNumber, time.GetUtcNow(), api, "operation", "", "", resource, "", 0, effects));
        }
    }

    /// <summary>Notes that the whole world was put back to a saved state.</summary>
    public void AddRestore(string effect)
    {
        lock (_gate)
        {
            Add(new JournalEntry(NextNumber, time.GetUtcNow(), "sandbox", "restore", "", "", "", "", 0, [effect]));
        }
    }

    public IReadOnlyList<JournalEntry> After(int number)
    {
        lock (_gate)
        {
            return _entries[Math.Clamp(number - _forgotten, 0, _entries.Count)..];
        }
    }

    private int NextNumber => _forgotten + _entries.Count + 1;

    private void Add(JournalEntry entry)
    {
        _entries.Add(entry);
        if (_entries.Count > size)
        {
            // Many at once: the list moves up each time.
            var old = Math.Max(1, size / 10);
            _entries.RemoveRange(0, old);
            _forgotten += old;
            _texts.Clear();
        }
    }

    // What is sent to a thousand clusters is mostly the same.
    private string Shared(string text)
    {
        if (_texts.TryGetValue(text, out var known))
        {
            return known;
        }

        _texts.Add(text);
        return text;
    }
}
