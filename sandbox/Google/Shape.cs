using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>The fields that a message has. Fields may come in camelCase or snake_case; others are refused, as the real servers do.</summary>
internal sealed class Shape
{
    private readonly Dictionary<string, Shape?> _fields = new(StringComparer.Ordinal);

    /// <summary>A message without a field.</summary>
    public static Shape Empty { get; } = new();

    /// <summary>Adds fields of any value.</summary>
    public Shape With(params string[] names)
    {
        foreach (var name in names)
        {
            _fields.Add(name, null);
        }

        return this;
    }

    /// <summary>Adds a field that is a message.</summary>
    public Shape With(string name, Shape shape)
    {
        _fields.Add(name, shape);
        return this;
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="GoogleFailure">It has a field that there isn't.</exception>
    public JsonObject Read(JsonNode? node, string message, string path = "")
    {
        if (node is not (null or JsonObject))
        {
            throw Invalid(path, $"Invalid value at '{path}' ({message}), a message was expected.");
        }

        var read = new JsonObject();
        foreach (var (name, value) in node as JsonObject ?? [])
        {
            var field = Camel(name);
            if (!_fields.TryGetValue(field, out var shape))
            {
                throw Invalid(path, $"Invalid JSON payload received. Unknown name \"{name}\"{(path.Length == 0 ? "" : $" at '{path}'")}: Cannot find field.");
            }

            if (value is not null)
            {
                read[field] = shape is null ? value.DeepClone() : shape.Read(value, field, path.Length == 0 ? field : $"{path}.{field}");
            }
        }

        return read;
    }

    /// <summary>A name in camelCase.</summary>
    public static string Camel(string name) => !name.Contains('_', StringComparison.Ordinal)
        ? name
        : string.Concat(name.Split('_').Select((part, i) =>
            i == 0 || part.Length == 0 ? part : char.ToUpper(part[0], CultureInfo.InvariantCulture) + part[1..]));

    private static GoogleFailure Invalid(string path, string description) =>
        new(GoogleErrors.Of("INVALID_ARGUMENT", description, GoogleErrors.BadField(path, description)));
}
