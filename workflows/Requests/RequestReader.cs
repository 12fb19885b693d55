using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>Walks through a request and keeps every mistake with its path, so that all are told at once.</summary>
internal sealed class RequestReader(JsonObject node, string path, ICollection<Mistake> mistakes)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string PathOf(string field) => path.Length == 0 ? field : $"{path}.{field}";

    public void Wrong(string field, string code, string message, string remedy) =>
        mistakes.Add(new Mistake(PathOf(field), code, message, remedy));

    public string? Text(string field, bool isRequired = true)
    {
        var value = Take(field, isRequired);
        if (value is null)
        {
            return null;
        }

        if (value.GetValueKind() is JsonValueKind.String)
        {
            return value.GetValue<string>();
        }

        Wrong(field, "WRONG_TYPE", $"must be text, not {Kind(value)}", "Put it in quotes if it looks like a number.");
        return null;
    }

    public RequestReader? Object(string field)
    {
        var value = Take(field, isRequired: true);
        if (value is null or JsonObject)
        {
            return value is JsonObject child ? new RequestReader(child, PathOf(field), mistakes) : null;
        }

        Wrong(field, "WRONG_TYPE", $"must be an object, not {Kind(value)}", "Write its fields below it.");
        return null;
    }

    /// <summary>The objects of a list; what is none is a mistake and left out.</summary>
    public IReadOnlyList<RequestReader> Objects(string field)
    {
        var value = Take(field, isRequired: true);
        if (value is not JsonArray array)
        {
            if (value is not null)
            {
                Wrong(field, "WRONG_TYPE", $"must be a list, not {Kind(value)}", "Begin each item with '- '.");
            }

            return [];
        }

        var items = new List<RequestReader>();
        for (var i = 0; i < array.Count; i++)
        {
            var place = $"{PathOf(field)}[{i}]";
            if (array[i] is JsonObject item)
            {
                items.Add(new RequestReader(item, place, mistakes));
            }
            else
            {
                mistakes.Add(new Mistake(place, "WRONG_TYPE", $"must be an object, not {Kind(array[i])}", "Write its fields, such as {project: …, location: …, name: …}."));
            }
        }

        return items;
    }

    public bool Has(string field) => node.ContainsKey(field);

    /// <summary>Fields of the schema that this release does not carry out yet: refused, never ignored.</summary>
    public void NotYet(params IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            _asked.Add(field);
            if (node.ContainsKey(field))
            {
                Wrong(field, "NOT_SUPPORTED_YET", "is not supported yet", "Leave it out, or use a release that carries it out.");
            }
        }
    }

    /// <summary>Every field that nobody asked for is a mistake.</summary>
    public void NothingElse()
    {
        foreach (var field in node.Select(pair => pair.Key).Where(field => !_asked.Contains(field)))
        {
            var known = string.Join(", ", _asked.Order(StringComparer.Ordinal));
            Wrong(field, "UNKNOWN_FIELD", "is no field of the request", $"Known here: {known}.");
        }
    }

    private JsonNode? Take(string field, bool isRequired)
    {
        _asked.Add(field);
        var value = node[field];
        if (value is null && isRequired)
        {
            Wrong(field, "REQUIRED", "is required", "Give it a value.");
        }

        return value;
    }

    private static string Kind(JsonNode? value) => value switch
    {
        null => "nothing",
        JsonObject => "an object",
        JsonArray => "a list",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => "true or false",
            JsonValueKind.Number => "a number",
            _ => "text",
        },
    };
}
