using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Schemas;

/// <summary>The types of the built-in kinds, read once for all clusters.</summary>
internal static class BuiltinTypes
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Lines = new(ReadLines);
    private static readonly ConcurrentDictionary<string, Schema> Types = new(StringComparer.Ordinal);

    /// <summary>The names of all types, such as <c>core.v1.Pod</c>.</summary>
    public static IEnumerable<string> Names => Lines.Value.Keys;

    /// <summary>A type by its name; what isn't described may be anything.</summary>
    public static Schema Find(string name) => Types.GetOrAdd(name, Read);

    private static Schema Read(string name)
    {
        if (!Lines.Value.TryGetValue(name, out var line))
        {
            return Schema.Any;
        }

        var package = name[..name.LastIndexOf('.')];
        var isAtomic = line.Length > 0 && line[0] == '=';
        return new Schema(SchemaType.Object, () => Fields(package, line)) { Name = name, IsAtomic = isAtomic };
    }

    private static Dictionary<string, Schema> Fields(string package, string line) => line.TrimStart('=')
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(field => field.Split(':', 2))
        .ToDictionary(field => field[0], field => Field(package, field[1]), StringComparer.Ordinal);

    // type[marks][#number][!][^][?][*default]
    private static Schema Field(string package, string text)
    {
        var parts = text.Split('*', 2);
        var numbered = parts[0].TrimEnd('!', '^', '?').Split('#', 2);
        var flags = parts[0][parts[0].TrimEnd('!', '^', '?').Length..];
        var type = numbered[0];
        var end = type.IndexOfAny(['/', '~', '@', '=', '+'], type.LastIndexOfAny([']', '}']) + 1);
        var marks = end < 0 ? "" : type[end..];
        return Mark(Type(package, end < 0 ? type : type[..end]), marks, numbered.Length > 1 ? numbered[1] : "", flags, parts.Length > 1 ? JsonNode.Parse(parts[1]) : null);
    }

    private static Schema Mark(Schema type, string marks, string number, string flags, JsonNode? initial)
    {
        var keys = marks.TrimStart('+');
        return new Schema(type.Type, () => type.Fields)
        {
            Format = type.Format,
            Name = type.Name,
            Items = type.Items,
            IsAtomic = type.IsAtomic || marks == "=",
            RetainsKeys = marks.StartsWith('+'),
            ListType = keys.Length > 0 && keys[0] is '/' or '~' ? ListType.Map : keys == "@" ? ListType.Set : ListType.Atomic,
            Keys = keys.Length > 0 && keys[0] is '/' or '~' ? keys[1..].Split(',') : [],
            IsMerged = keys.Length > 0 && keys[0] is '/' or '@',
            IsRequired = flags.Contains('!', StringComparison.Ordinal),
            IsAlwaysThere = flags.Contains('^', StringComparison.Ordinal),
            IsNothingWhenEmpty = flags.Contains('?', StringComparison.Ordinal),
            IsNullable = type.IsNullable,
            Number = number,
            Default = initial,
        };
    }

    private static Schema Type(string package, string text) => text[0] switch
    {
        '[' => new Schema(SchemaType.List) { Items = Type(package, text[1..^1]) },
        '{' => new Schema(SchemaType.Map) { Items = Type(package, text[1..^1]) },
        _ => text switch
        {
            "string" => new Schema(SchemaType.String),
            "bytes" => new Schema(SchemaType.String) { Format = "byte" },
            "time" or "microtime" => new Schema(SchemaType.String) { Format = "date-time", IsNullable = true },
            "bool" => new Schema(SchemaType.Boolean),
            "int" => new Schema(SchemaType.Integer) { Format = "int32" },
            "long" => new Schema(SchemaType.Integer) { Format = "int64" },
            "number" => new Schema(SchemaType.Number) { Format = "double" },
            "intorstring" => new Schema(SchemaType.IntOrString) { Format = "int-or-string" },
            "quantity" => new Schema(SchemaType.IntOrString) { Format = "quantity" },
            "any" => Schema.Any,
            _ => Find(text.Contains('.', StringComparison.Ordinal) ? text : $"{package}.{text}"),
        },
    };

    private static Dictionary<string, string> ReadLines()
    {
        using var stream = typeof(BuiltinTypes).Assembly.GetManifestResourceStream("BuiltinTypes.txt")
            ?? throw new InvalidOperationException("The types of the built-in kinds are missing.");
        using var reader = new StreamReader(stream);
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var name = line.Split(' ', 2)[0];
                lines.Add(name.TrimEnd('='), (name.EndsWith('=') ? "=" : "") + (line.Length > name.Length ? line[name.Length..] : ""));
            }
        }

        return lines;
    }
}
