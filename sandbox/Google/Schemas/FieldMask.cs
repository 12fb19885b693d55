using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.Schemas;

/// <summary>Which fields an update is about. What it names and the body leaves out is cleared.</summary>
internal sealed class FieldMask
{
    private readonly IReadOnlyList<string[]> _paths;

    private FieldMask(IReadOnlyList<string[]> paths) => _paths = paths;

    /// <summary>The first part of every path.</summary>
    public IEnumerable<string> Fields => _paths.Select(path => path[0]).Distinct();

    /// <summary>Reads a mask: comma-separated paths in camelCase or snake_case.</summary>
    /// <param name="text">The mask.</param>
    /// <param name="schema">What is updated.</param>
    /// <param name="updatable">The fields that may be.</param>
    /// <exception cref="GoogleFailure">It is empty, or names a field that can't be updated.</exception>
    public static FieldMask Read(string? text, Schema schema, params string[] updatable)
    {
        var paths = (text ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(path => path.Split('.').Select(FieldNames.Camel).ToArray())
            .ToList();
        if (paths.Count == 0)
        {
            throw Invalid("update_mask must be set.");
        }

        if (paths is [["*"]])
        {
            return new FieldMask([.. updatable.Select(field => new[] { field })]);
        }

        foreach (var path in paths)
        {
            if (!Exists(schema, path))
            {
                throw Invalid($"Invalid field mask: '{string.Join('.', path)}' is no field of {schema.Name}.");
            }

            if (!updatable.Contains(path[0]))
            {
                throw Invalid($"Field '{path[0]}' cannot be updated.");
            }
        }

        return new FieldMask(paths);
    }

    /// <summary>Brings the masked fields of a body into a resource.</summary>
    public void Apply(JsonObject resource, JsonObject body)
    {
        foreach (var path in _paths)
        {
            Apply(resource, body, path);
        }
    }

    public bool Names(string field) => _paths.Any(path => path[0] == field);

    private static void Apply(JsonObject resource, JsonObject body, ReadOnlySpan<string> path)
    {
        var (name, value) = (path[0], body[path[0]]);
        if (path.Length > 1 && (value is null or JsonObject))
        {
            if (resource[name] is not JsonObject inner)
            {
                resource[name] = inner = [];
            }

            Apply(inner, value as JsonObject ?? [], path[1..]);
            if (inner.Count == 0)
            {
                resource.Remove(name);
            }
        }
        else if (value is null)
        {
            resource.Remove(name);
        }
        else
        {
            resource[name] = value.DeepClone();
        }
    }

    private static bool Exists(Schema schema, string[] path)
    {
        Schema? at = schema;
        for (var i = 0; i < path.Length; i++)
        {
            if (at?.Find(path[i]) is not { } type)
            {
                return false;
            }

            if (type.IsMap)
            {
                return true;
            }

            at = type.Message;
        }

        return true;
    }

    private static GoogleFailure Invalid(string description) =>
        new(GoogleErrors.Of("INVALID_ARGUMENT", description, GoogleErrors.BadFields(("update_mask", description))));
}
