using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.Schemas;

/// <summary>A message of one of Google's APIs: its fields and their types.</summary>
/// <param name="name">Its name.</param>
internal sealed class Schema(string name)
{
    private readonly Dictionary<string, FieldType> _fields = new(StringComparer.Ordinal);

    /// <summary>A message without a field.</summary>
    public static Schema Empty { get; } = new("Empty");

    public string Name { get; } = name;

    public void Add(string field, FieldType type) => _fields.Add(field, type);

    public FieldType? Find(string field) => _fields.GetValueOrDefault(field);

    /// <summary>
    /// Reads a message as the real servers do: fields in camelCase or snake_case, nulls as absent, 64-bit numbers as strings. Every
    /// mistake is told, by its place.
    /// </summary>
    /// <returns>The message, its fields in camelCase.</returns>
    /// <exception cref="GoogleFailure">It has a field that there isn't, or of another type.</exception>
    public JsonObject Read(JsonNode? node)
    {
        var problems = new List<FieldProblem>();
        var read = Read(node, "", problems);
        return problems.Count == 0
            ? read
            : throw new GoogleFailure(GoogleErrors.Of(
                "INVALID_ARGUMENT",
                string.Join('\n', problems.Select(problem => problem.Description)),
                GoogleErrors.BadFields([.. problems.Select(problem => (problem.Field, problem.Description))])));
    }

    public JsonObject Read(JsonNode? node, string path, List<FieldProblem> problems)
    {
        var read = new JsonObject();
        if (node is not (null or JsonObject))
        {
            problems.Add(FieldProblem.Value(path, Name, node));
            return read;
        }

        foreach (var (name, value) in node as JsonObject ?? [])
        {
            var field = FieldNames.Camel(name);
            if (!_fields.TryGetValue(field, out var type))
            {
                problems.Add(FieldProblem.Unknown(path, name));
            }
            else if (read.ContainsKey(field))
            {
                problems.Add(FieldProblem.Twice(path, name));
            }
            else if (value is not null)
            {
                read[field] = type.Read(value, path.Length == 0 ? field : $"{path}.{field}", problems);
            }
        }

        return read;
    }
}

/// <summary>What is wrong with a field.</summary>
/// <param name="Field">Its place.</param>
/// <param name="Description">What is wrong.</param>
internal sealed record FieldProblem(string Field, string Description)
{
    public static FieldProblem Unknown(string path, string name) =>
        new(path, $"Invalid JSON payload received. Unknown name \"{name}\"{(path.Length == 0 ? "" : $" at '{path}'")}: Cannot find field.");

    public static FieldProblem Twice(string path, string name) =>
        new(path, $"Invalid JSON payload received. Duplicate name \"{name}\"{(path.Length == 0 ? "" : $" at '{path}'")}: Proto field is already set.");

    public static FieldProblem Value(string path, string type, JsonNode? value) =>
        new(path, $"Invalid value at '{path}' ({type}), {value?.ToJsonString() ?? "null"}");
}
