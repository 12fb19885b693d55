using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>
/// Walks through a request and keeps every mistake with its path, so that all are told at once. With a schema it walks through nothing,
/// and notes what it would have accepted.
/// </summary>
internal sealed class RequestReader(JsonObject node, string path, ICollection<Mistake> mistakes, ObjectSchema? schema = null)
{
    /// <summary>What is noted; null: a request is read.</summary>
    public ObjectSchema? Schema => schema;

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string PathOf(string field) => path.Length == 0 ? field : $"{path}.{field}";

    public void Wrong(string field, string code, string message, string remedy) =>
        mistakes.Add(new Mistake(PathOf(field), code, message, remedy));

    public string? Text(string field, bool isRequired = true)
    {
        schema?.Add(field, new JsonObject { ["type"] = "string" }, isRequired);
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

    public bool Flag(string field, bool otherwise)
    {
        schema?.Add(field, new JsonObject { ["type"] = "boolean", ["default"] = otherwise });
        var value = Take(field, isRequired: false);
        if (value is not null && value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
        {
            Wrong(field, "WRONG_TYPE", $"must be true or false, not {Kind(value)}", "Write true or false, without quotes.");
            return otherwise;
        }

        return value?.GetValue<bool>() ?? otherwise;
    }

    public int Number(string field, int otherwise, int least, int most)
    {
        schema?.Add(field, new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most, ["default"] = otherwise });
        var value = Take(field, isRequired: false);
        if (value is null)
        {
            return otherwise;
        }

        if (AsNumber(value) is { } number && number >= least && number <= most)
        {
            return (int)number;
        }

        Wrong(field, "OUT_OF_RANGE", $"must be a whole number from {least} to {most}", "Choose one in that range.");
        return otherwise;
    }

    /// <summary>A time such as 90s, 10m, 1h30m or 500ms.</summary>
    public TimeSpan? Time(string field, TimeSpan least, TimeSpan most)
    {
        var text = Text(field, isRequired: false);
        schema?.Describe(field, one =>
        {
            one["pattern"] = RequestTime.Pattern;
            one["description"] = $"A time from {RequestTime.Write(least)} to {RequestTime.Write(most)}, such as 90s, 10m, 1h30m or 7d.";
        });
        if (text is null)
        {
            return null;
        }

        if (RequestTime.Parse(text) is { } time && time >= least && time <= most)
        {
            return time;
        }

        Wrong(
            field,
            "WRONG_FORMAT",
            $"'{text}' is no time from {RequestTime.Write(least)} to {RequestTime.Write(most)}",
            "Write it with units, such as 90s, 10m, 1h30m or 7d.");
        return null;
    }

    /// <summary>One of some words.</summary>
    public T Choice<T>(string field, T otherwise, params (string Word, T Meaning)[] words)
    {
        var text = Text(field, isRequired: false);
        schema?.Describe(field, one => one["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word.Word)]));
        if (text is null)
        {
            return otherwise;
        }

        foreach (var (word, meaning) in words)
        {
            if (word == text)
            {
                return meaning;
            }
        }

        Wrong(field, "WRONG_VALUE", $"is '{text}'", $"It must be one of: {string.Join(", ", words.Select(word => word.Word))}.");
        return otherwise;
    }

    /// <summary>One of some words, which must be there.</summary>
    public T RequiredChoice<T>(string field, params (string Word, T Meaning)[] words)
    {
        if (!Has(field))
        {
            Take(field, isRequired: true);
        }

        var meaning = Choice(field, words[0].Meaning, words);
        schema?.Require(field);
        return meaning;
    }

    /// <summary>The texts of a list; what is none is a mistake and left out.</summary>
    public IReadOnlyList<string> Texts(string field)
    {
        schema?.Add(field, new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } });
        var texts = new List<string>();
        var items = Items(field, isRequired: false);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is JsonValue value && value.GetValueKind() is JsonValueKind.String)
            {
                texts.Add(value.GetValue<string>());
            }
            else
            {
                Wrong(string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"), "WRONG_TYPE", $"must be text, not {Kind(items[i])}", "Put it in quotes if it looks like a number.");
            }
        }

        return texts;
    }

    /// <summary>The fields of an object, all of them text.</summary>
    public IReadOnlyList<(string Key, string Value)> Pairs(string field)
    {
        schema?.Add(field, new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } });
        var pairs = new List<(string, string)>();
        var value = Take(field, isRequired: false);
        if (value is JsonObject map)
        {
            foreach (var (key, item) in map)
            {
                if (item is JsonValue text && text.GetValueKind() is JsonValueKind.String)
                {
                    pairs.Add((key, text.GetValue<string>()));
                }
                else
                {
                    Wrong($"{field}.{key}", "WRONG_TYPE", $"must be text, not {Kind(item)}", "Put it in quotes if it looks like a number.");
                }
            }
        }
        else if (value is not null)
        {
            Wrong(field, "WRONG_TYPE", $"must be an object, not {Kind(value)}", "Write its fields below it.");
        }

        return pairs;
    }

    /// <summary>A value as it stands; null: there is none.</summary>
    /// <param name="field">The field.</param>
    /// <param name="form">Makes the schema of it; null: it is noted elsewhere.</param>
    public JsonNode? Any(string field, Func<JsonObject>? form = null)
    {
        if (schema is not null && form is not null)
        {
            schema.Add(field, form());
        }

        return Take(field, isRequired: false);
    }

    public RequestReader? Object(string field, bool isRequired = true)
    {
        if (schema is not null)
        {
            return new RequestReader([], PathOf(field), mistakes, schema.AddObject(field, isRequired));
        }

        var value = Take(field, isRequired);
        if (value is null or JsonObject)
        {
            return value is JsonObject child ? new RequestReader(child, PathOf(field), mistakes) : null;
        }

        Wrong(field, "WRONG_TYPE", $"must be an object, not {Kind(value)}", "Write its fields below it.");
        return null;
    }

    /// <summary>The objects of a list; what is none is a mistake and left out.</summary>
    public IReadOnlyList<RequestReader> Objects(string field, bool isRequired = true)
    {
        if (schema is not null)
        {
            return [new RequestReader([], PathOf(field), mistakes, schema.AddList(field, isRequired))];
        }

        var objects = new List<RequestReader>();
        var items = Items(field, isRequired);
        for (var i = 0; i < items.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]");
            if (items[i] is JsonObject item)
            {
                objects.Add(new RequestReader(item, PathOf(place), mistakes));
            }
            else
            {
                Wrong(place, "WRONG_TYPE", $"must be an object, not {Kind(items[i])}", "Write its fields in braces, or below it.");
            }
        }

        return objects;
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

    /// <summary>Fields that were read and are as they must be, but are not carried out yet.</summary>
    public void Refuse(params IEnumerable<string> fields)
    {
        schema?.Remove(fields);
        foreach (var field in fields.Where(node.ContainsKey))
        {
            Wrong(field, "NOT_SUPPORTED_YET", "is not supported yet", "Leave it out, or use a release that carries it out.");
        }
    }

    /// <summary>Fields that belong here, but are looked at elsewhere.</summary>
    public void Ask(params IEnumerable<string> fields) => _asked.UnionWith(fields);

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

    private IReadOnlyList<JsonNode?> Items(string field, bool isRequired)
    {
        var value = Take(field, isRequired);
        if (value is JsonArray array)
        {
            return [.. array];
        }

        if (value is not null)
        {
            Wrong(field, "WRONG_TYPE", $"must be a list, not {Kind(value)}", "Begin each item with '- '.");
        }

        return [];
    }

    // YAML's and JSON's numbers come as different types.
    private static long? AsNumber(JsonNode value) => value.GetValueKind() is JsonValueKind.Number
        && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : null;

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
