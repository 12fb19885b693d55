using System.Collections.Concurrent;

namespace MeshWorkflow.Sandbox.Google.Schemas;

/// <summary>The messages of one API, from the list that stands beside this file.</summary>
internal sealed class ApiSchemas
{
    private static readonly ConcurrentDictionary<string, ApiSchemas> Known = new(StringComparer.Ordinal);

    private readonly Dictionary<string, Schema> _messages = new(StringComparer.Ordinal);

    private ApiSchemas(string api)
    {
        using var stream = typeof(ApiSchemas).Assembly.GetManifestResourceStream($"{api}.schema")
            ?? throw new ArgumentException($"There is no list of the messages of {api}.", nameof(api));
        using var reader = new StreamReader(stream);
        var message = Schema.Empty;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("  ", StringComparison.Ordinal) && line.Trim().Split(' ', 2) is [var field, var type])
            {
                message.Add(field, TypeOf(type));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                message = Declare(line);
            }
        }
    }

    public static ApiSchemas Of(string api) => Known.GetOrAdd(api, name => new ApiSchemas(name));

    public Schema Message(string name) => _messages[name];

    // One that is only mentioned has no field.
    private Schema Declare(string name)
    {
        if (!_messages.TryGetValue(name, out var message))
        {
            _messages.Add(name, message = new Schema(name));
        }

        return message;
    }

    private FieldType TypeOf(string text) => text switch
    {
        _ when text.EndsWith("[]", StringComparison.Ordinal) => new ListType(TypeOf(text[..^2])),
        _ when text.StartsWith("map<", StringComparison.Ordinal) => new MapType(TypeOf(text[4..^1])),
        _ when text.StartsWith("enum(", StringComparison.Ordinal) => new EnumType(text[5..^1].Split('|')),
        "any" => new AnyType(),
        "string" or "bytes" or "bool" or "number" or "int32" or "int64" => new ScalarType(text),
        _ => new MessageType(Declare(text)),
    };
}
