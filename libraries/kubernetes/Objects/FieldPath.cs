using System.Text;
using System.Text.Json.Nodes;

namespace MeshWorkflow.KubernetesApi.Objects;

/// <summary>
/// The way to a field of an object, as people read it: <c>metadata.labels["istio.io/rev"]</c>,
/// <c>webhooks[name="x"].clientConfig.service.name</c>.
/// </summary>
public sealed class FieldPath
{
    private readonly IReadOnlyList<Segment> _segments;

    private FieldPath(IReadOnlyList<Segment> segments) => _segments = segments;

    /// <summary>The object itself.</summary>
    public static FieldPath Root { get; } = new([]);

    /// <summary>The path's last key; empty: it ends at an item or is the root.</summary>
    public string Last => _segments.Count > 0 && _segments[^1] is { Value: null } last ? last.Key : "";

    /// <summary>A field of what this path leads to.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The path.</returns>
    public FieldPath Field(string key) => new([.. _segments, new Segment(key, null)]);

    /// <summary>An item of the list that this path leads to.</summary>
    /// <param name="key">The field that tells items apart.</param>
    /// <param name="value">The item's value of it.</param>
    /// <returns>The path.</returns>
    public FieldPath Item(string key, string value) => new([.. _segments, new Segment(key, value)]);

    /// <summary>Whether the path has a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it has.</returns>
    public bool Has(string key) => _segments.Any(segment => segment.Value is null && segment.Key == key);

    /// <summary>Reads the field.</summary>
    /// <param name="body">The object.</param>
    /// <returns>Its value, or <see langword="null"/>: it isn't there.</returns>
    public JsonNode? Read(JsonNode body) => _segments.Aggregate((JsonNode?)body, (at, segment) => segment.In(at));

    /// <summary>Writes the field, with what leads to it.</summary>
    /// <param name="body">The object.</param>
    /// <param name="value">Its value; <see langword="null"/>: take it away.</param>
    public void Write(JsonObject body, JsonNode? value)
    {
        JsonNode at = body;
        for (var i = 0; i < _segments.Count - 1; i++)
        {
            at = _segments[i].In(at) ?? _segments[i].MakeIn(at, isList: _segments[i + 1].Value is not null);
        }

        _segments[^1].Set(at, value);
        if (value is null && _segments.Count > 1 && _segments[^2].Key is ("labels" or "annotations") && at is JsonObject { Count: 0 })
        {
            // A server leaves empty maps out.
            new FieldPath([.. _segments.Take(_segments.Count - 1)]).Write(body, null);
        }
    }

    /// <summary>From text back to the path.</summary>
    /// <param name="text">What <see cref="ToString"/> made.</param>
    /// <returns>The path.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static FieldPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var segments = new List<Segment>();
        for (var at = 0; at < text.Length;)
        {
            at += text[at] == '.' ? 1 : 0;
            var end = text.AsSpan(at).IndexOfAny('.', '[');
            if (end != 0)
            {
                end = end < 0 ? text.Length : at + end;
                segments.Add(new Segment(text[at..end], null));
                at = end;
                continue;
            }

            var close = text.IndexOf("\"]", at, StringComparison.Ordinal);
            var quote = text.IndexOf('"', at);
            if (close < 0 || quote >= close)
            {
                throw new FormatException($"'{text}' is no path of a field.");
            }

            var value = text[(quote + 1)..close];
            segments.Add(quote == at + 1 ? new Segment(value, null) : new Segment(text[(at + 1)..(quote - 1)], value));
            at = close + 2;
        }

        return new FieldPath(segments);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var segment in _segments)
        {
            if (segment.Value is not null)
            {
                text.Append('[').Append(segment.Key).Append("=\"").Append(segment.Value).Append("\"]");
            }
            else if (segment.Key.AsSpan().IndexOfAny('.', '/', '[') >= 0)
            {
                text.Append("[\"").Append(segment.Key).Append("\"]");
            }
            else
            {
                text.Append(text.Length == 0 ? "" : ".").Append(segment.Key);
            }
        }

        return text.ToString();
    }

    private sealed record Segment(string Key, string? Value)
    {
        public JsonNode? In(JsonNode? node) => Value is null
            ? (node as JsonObject)?[Key]
            : (node as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item => item.Text(Key) == Value);

        public JsonNode MakeIn(JsonNode node, bool isList)
        {
            JsonNode made = isList ? new JsonArray() : new JsonObject();
            Set(node, made);
            return made;
        }

        public void Set(JsonNode node, JsonNode? value)
        {
            switch (node, Value)
            {
                case (JsonObject fields, null) when value is null:
                    fields.Remove(Key);
                    break;
                case (JsonObject fields, null):
                    fields[Key] = value;
                    break;
                case (JsonArray items, not null):
                    var at = items.IndexOf(In(items));
                    if (at >= 0)
                    {
                        items.RemoveAt(at);
                    }

                    if (value is not null)
                    {
                        items.Insert(at < 0 ? items.Count : at, value);
                    }

                    break;
                default:
                    throw new FormatException($"The object has something else where '{Key}' should be.");
            }
        }
    }
}
