using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Schemas;

/// <summary>What a value may be.</summary>
internal enum SchemaType
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>A message with named fields.</summary>
    Object,

    /// <summary>Any keys, all of one type.</summary>
    Map,

    /// <summary>A list.</summary>
    List,

    /// <summary>A text.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number, or a text.</summary>
    IntOrString,
}

/// <summary>How the items of a list belong together.</summary>
internal enum ListType
{
    /// <summary>The list is one value.</summary>
    Atomic,

    /// <summary>Each item by itself, each once.</summary>
    Set,

    /// <summary>Each item by its keys.</summary>
    Map,
}

/// <summary>The type of a value, built in or of a CustomResourceDefinition.</summary>
internal sealed class Schema
{
    private static readonly IReadOnlyDictionary<string, Schema> NoFields = new Dictionary<string, Schema>();

    private readonly Lazy<IReadOnlyDictionary<string, Schema>>? _fields;

    /// <param name="type">What the value is.</param>
    /// <param name="fields">Its fields; called when they are needed, as types may hold themselves.</param>
    public Schema(SchemaType type, Func<IReadOnlyDictionary<string, Schema>>? fields = null)
    {
        Type = type;
        _fields = fields is null ? null : new Lazy<IReadOnlyDictionary<string, Schema>>(fields);
    }

    public static Schema Any { get; } = new(SchemaType.Any);

    public SchemaType Type { get; }

    /// <summary>Such as <c>int32</c> or <c>date-time</c>.</summary>
    public string Format { get; init; } = "";

    /// <summary>The name of the type, as in OpenAPI; empty: it has none.</summary>
    public string Name { get; init; } = "";

    public IReadOnlyDictionary<string, Schema> Fields => _fields?.Value ?? NoFields;

    /// <summary>The type of what is in the list or map.</summary>
    public Schema? Items { get; init; }

    public ListType ListType { get; init; }

    /// <summary>By which fields the items of a list are known.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Whether a strategic merge patch merges the list.</summary>
    public bool IsMerged { get; init; }

    /// <summary>Whether a strategic merge patch may say which fields stay.</summary>
    public bool RetainsKeys { get; init; }

    /// <summary>Whether a message or map is one value.</summary>
    public bool IsAtomic { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>Whether a server takes the field to be there also where nothing is said of it.</summary>
    public bool IsAlwaysThere { get; init; }

    /// <summary>Whether an empty text, list or map, a zero or a false is as good as nothing.</summary>
    public bool IsNothingWhenEmpty { get; init; }

    public JsonNode? Default { get; init; }

    /// <summary>Whether fields that aren't named stay.</summary>
    public bool KeepsUnknown { get; init; }

    public bool IsNullable { get; init; }

    /// <summary>Whether the value is a whole object with apiVersion, kind and metadata.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Its place in its message in the binary form, such as <c>3</c> or <c>2.1</c>; empty: it has none.</summary>
    public string Number { get; init; } = "";

    /// <summary>What else a CustomResourceDefinition says of it; null: it is built in.</summary>
    public JsonObject? Rules { get; init; }

    /// <summary>The type of a field; null: there is none of that name.</summary>
    public Schema? Field(string name) => Type switch
    {
        SchemaType.Object => Fields.GetValueOrDefault(name) ?? (KeepsUnknown ? Any : Items),
        SchemaType.Map => Items,
        _ => Any,
    };
}
