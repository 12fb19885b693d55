using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Files;

/// <summary>Reads the fields of a map, and notes every mistake by its place. A field that nobody asked for is one.</summary>
internal sealed class FieldReader
{
    private readonly JsonObject _map;
    private readonly string _path;
    private readonly List<string> _problems;
    private readonly YamlTree _tree;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public FieldReader(JsonNode? node, string path, YamlTree tree, List<string> problems)
    {
        (_path, _tree, _problems) = (path, tree, problems);
        _map = node as JsonObject ?? [];
        if (node is not JsonObject)
        {
            Problem("", "a map was expected");
        }
    }

    /// <summary>Notes what nobody asked for. To be called last.</summary>
    public void Close()
    {
        foreach (var name in _map.Select(pair => pair.Key).Where(name => !_read.Contains(name)))
        {
            Problem(name, "there is no such field");
        }
    }

    public string Text(string name) => Find(name) is { } value ? Text(value, name) : Missing(name, "");

    public string Text(string name, string otherwise) => Find(name) is { } value ? Text(value, name) : otherwise;

    public string? TextOrNone(string name) => Find(name) is { } value ? Text(value, name) : null;

    public long Number(string name) => Find(name) is { } value ? Number(value, name) : Missing(name, 0L);

    public int Number(string name, int otherwise) => Find(name) is { } value ? (int)Math.Clamp(Number(value, name), int.MinValue, int.MaxValue) : otherwise;

    /// <summary>Whether something stands there.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A number from 0 to 1.</summary>
    public double Share(string name, double otherwise)
    {
        if (Find(name) is not { } value)
        {
            return otherwise;
        }

        if (value.GetValueKind() is JsonValueKind.Number && value.Deserialize<double>() is >= 0 and <= 1 and var share)
        {
            return share;
        }

        Problem(name, "a number from 0 to 1 was expected");
        return otherwise;
    }

    /// <summary>How long: a whole number and its unit; null: nothing stands there.</summary>
    public TimeSpan? DurationOrNone(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (Durations.Read(Text(value, name)) is { } duration)
        {
            return duration;
        }

        Problem(name, "a duration was expected: write 200ms, 5s, 2m or 1h");
        return null;
    }

    public TimeSpan Duration(string name) => DurationOrNone(name) ?? (Has(name) ? TimeSpan.Zero : Missing(name, TimeSpan.Zero));

    public bool Flag(string name, bool otherwise) => FlagOrNone(name) ?? otherwise;

    public bool? FlagOrNone(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetValue<bool>();
        }

        Problem(name, "true or false was expected");
        return null;
    }

    public string OneOf(string name, string otherwise, params string[] allowed)
    {
        var value = Text(name, otherwise);
        if (!allowed.Contains(value))
        {
            Problem(name, $"'{value}' is none of {string.Join(", ", allowed)}");
        }

        return value;
    }

    public IReadOnlyList<string> Texts(string name) => Items(name, (value, place) => value is null ? "" : Text(value, place));

    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(name) is { } value)
        {
            if (value is not JsonObject map)
            {
                Problem(name, "a map was expected");
                return read;
            }

            foreach (var (key, each) in map)
            {
                read[key] = each is null ? "" : Text(each, $"{name}.{key}");
            }
        }

        return read;
    }

    public JsonObject? Object(string name)
    {
        var value = Find(name);
        if (value is not (null or JsonObject))
        {
            Problem(name, "a map was expected");
        }

        return value?.DeepClone() as JsonObject;
    }

    /// <summary>The maps of a list.</summary>
    public IReadOnlyList<T> Each<T>(string name, Func<FieldReader, T> read) => Items(name, (value, place) =>
    {
        var reader = new FieldReader(value, Place(place), _tree, _problems);
        var item = read(reader);
        reader.Close();
        return item;
    });

    /// <summary>A map within.</summary>
    public T? Inner<T>(string name, Func<FieldReader, T> read)
        where T : class
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var reader = new FieldReader(value, Place(name), _tree, _problems);
        var inner = read(reader);
        reader.Close();
        return inner;
    }

    public IReadOnlyList<JsonObject> Objects(string name) => Items(name, (value, place) =>
    {
        if (value is not JsonObject)
        {
            Problem(place, "a map was expected");
        }

        return value?.DeepClone() as JsonObject ?? [];
    });

    public void Problem(string name, string problem)
    {
        var place = Place(name);
        var line = _tree.LineOf(place) is > 0 and var at ? at : _tree.LineOf(_path);
        _problems.Add($"{(place.Length == 0 ? "the file" : place)}: {problem}{(line > 0 ? string.Create(CultureInfo.InvariantCulture, $" (line {line})") : "")}");
    }

    private string Place(string name) => _path.Length == 0 ? name : name.Length == 0 ? _path : $"{_path}.{name}";

    private JsonNode? Find(string name)
    {
        _read.Add(name);
        return _map[name];
    }

    private List<T> Items<T>(string name, Func<JsonNode?, string, T> read)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        if (value is JsonArray list)
        {
            return [.. list.Select((each, i) => read(each, string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]")))];
        }

        Problem(name, "a list was expected");
        return [];
    }

    // A number or truth without quotes may stand for a text: a label's value, a version.
    private string Text(JsonNode value, string name)
    {
        if (value is JsonValue)
        {
            return value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        }

        Problem(name, "a text was expected");
        return "";
    }

    private long Number(JsonNode value, string name)
    {
        if (value.GetValueKind() is JsonValueKind.Number && long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Problem(name, "a whole number was expected");
        return 0;
    }

    private T Missing<T>(string name, T otherwise)
    {
        Problem(name, "is missing");
        return otherwise;
    }
}
