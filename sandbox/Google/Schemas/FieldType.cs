using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.Schemas;

/// <summary>The type of a field.</summary>
internal abstract class FieldType
{
    /// <summary>The message that it is or holds, or null.</summary>
    public virtual Schema? Message => null;

    /// <summary>Whether it maps names to values.</summary>
    public virtual bool IsMap => false;

    public abstract JsonNode? Read(JsonNode value, string path, List<FieldProblem> problems);

    protected static JsonNode? Wrong(string path, string type, JsonNode value, List<FieldProblem> problems)
    {
        problems.Add(FieldProblem.Value(path, type, value));
        return null;
    }
}

/// <summary>Any JSON.</summary>
internal sealed class AnyType : FieldType
{
    public override JsonNode? Read(JsonNode value, string path, List<FieldProblem> problems) => value.DeepClone();
}

/// <summary>A text, truth or number.</summary>
internal sealed class ScalarType(string name) : FieldType
{
    public override JsonNode? Read(JsonNode value, string path, List<FieldProblem> problems) => (name, value.GetValueKind()) switch
    {
        ("string", JsonValueKind.String) => value.DeepClone(),
        ("bytes", JsonValueKind.String) when IsBase64(value.GetValue<string>()) => value.DeepClone(),
        ("bool", JsonValueKind.True or JsonValueKind.False) => value.DeepClone(),
        ("number", JsonValueKind.Number) => value.DeepClone(),
        ("int32", JsonValueKind.Number or JsonValueKind.String) when int.TryParse(Text(value), CultureInfo.InvariantCulture, out var whole) => whole,
        ("int64", JsonValueKind.Number or JsonValueKind.String) when long.TryParse(Text(value), CultureInfo.InvariantCulture, out var whole) =>
            whole.ToString(CultureInfo.InvariantCulture),
        _ => Wrong(path, $"TYPE_{name.ToUpperInvariant()}", value, problems),
    };

    private static string Text(JsonNode value) => value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static bool IsBase64(string text) =>
        Convert.TryFromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='), new byte[text.Length + 4], out _);
}

/// <summary>One of some names, or its number.</summary>
internal sealed class EnumType(string[] names) : FieldType
{
    public override JsonNode? Read(JsonNode value, string path, List<FieldProblem> problems) =>
        value.GetValueKind() switch
        {
            JsonValueKind.String when names.Contains(value.GetValue<string>()) => value.DeepClone(),
            JsonValueKind.Number when int.TryParse(value.ToJsonString(), out var number) && number >= 0 && number < names.Length => names[number],
            _ => Wrong(path, "TYPE_ENUM", value, problems),
        };
}

/// <summary>A message.</summary>
internal sealed class MessageType(Schema schema) : FieldType
{
    public override Schema Message => schema;

    public override JsonNode? Read(JsonNode value, string path, List<FieldProblem> problems) => schema.Read(value, path, problems);
}

/// <summary>Any number of values.</summary>
internal sealed class ListType(FieldType item) : FieldType
{
    public override JsonNode? Read(JsonNode value, string path, List<FieldProblem> problems)
    {
        if (value is not JsonArray values)
        {
            return Wrong(path, "TYPE_LIST", value, problems);
        }

        return new JsonArray([.. values.Select((each, i) => each is null
            ? Wrong($"{path}[{i}]", "TYPE_LIST", value, problems)
            : item.Read(each, $"{path}[{i}]", problems))]);
    }
}

/// <summary>Names and their values.</summary>
internal sealed class MapType(FieldType item) : FieldType
{
    public override Schema? Message => item.Message;

    public override bool IsMap => true;

    public override JsonNode? Read(JsonNode value, string path, List<FieldProblem> problems)
    {
        if (value is not JsonObject values)
        {
            return Wrong(path, "TYPE_MAP", value, problems);
        }

        var read = new JsonObject();
        foreach (var (key, each) in values)
        {
            read[key] = each is null ? null : item.Read(each, $"{path}[{key}]", problems);
        }

        return read;
    }
}
