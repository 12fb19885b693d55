using System.Text.Json.Nodes;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>The JSON Schema of an object, noted field by field.</summary>
internal sealed class ObjectSchema
{
    private readonly JsonObject _properties = [];
    private readonly JsonArray _required = [];

    public ObjectSchema() => Node = new JsonObject
    {
        ["type"] = "object",
        ["properties"] = _properties,
        ["additionalProperties"] = false,
    };

    public JsonObject Node { get; }

    public void Add(string field, JsonObject schema, bool isRequired = false)
    {
        _properties[field] = schema;
        if (isRequired)
        {
            Require(field);
        }
    }

    public ObjectSchema AddObject(string field, bool isRequired)
    {
        var child = new ObjectSchema();
        Add(field, child.Node, isRequired);
        return child;
    }

    /// <summary>A list of objects.</summary>
    /// <returns>The schema of one of them.</returns>
    public ObjectSchema AddList(string field, bool isRequired)
    {
        var item = new ObjectSchema();
        Add(field, new JsonObject { ["type"] = "array", ["items"] = item.Node }, isRequired);
        return item;
    }

    public void Require(string field)
    {
        if (!_required.Any(one => one?.ToString() == field))
        {
            _required.Add((JsonNode)field);
            Node["required"] ??= _required;
        }
    }

    public void Describe(string field, Action<JsonObject> describe)
    {
        if (_properties[field] is JsonObject schema)
        {
            describe(schema);
        }
    }

    /// <summary>How many items a list has.</summary>
    public void Bound(string field, int least, int most) => Describe(field, list =>
    {
        list["minItems"] = least;
        list["maxItems"] = most;
    });

    /// <summary>Which fields must be there depends on another one's word; without that word, some of them or those in their place.</summary>
    public void When(string field, string word, IEnumerable<string> required, IEnumerable<string> otherwise, IEnumerable<string> instead)
    {
        List<string> then = [.. required];
        List<string> others = [.. otherwise];
        foreach (var known in _required.Where(one => then.Concat(others).Contains(one?.ToString())).ToList())
        {
            _required.Remove(known);
        }

        If(field, word);
        Node["then"] = new JsonObject { ["required"] = Names(then) };
        if (others.Count > 0)
        {
            Node["else"] = new JsonObject
            {
                ["anyOf"] = new JsonArray(new JsonObject { ["required"] = Names(others) }, new JsonObject { ["required"] = Names(instead) }),
            };
        }

        if (_required.Count == 0)
        {
            Node.Remove("required");
        }
    }

    /// <summary>One of some fields must be there where another one has a certain word.</summary>
    public void WhenAny(string field, string word, params IEnumerable<string> fields)
    {
        If(field, word);
        Node["then"] = new JsonObject { ["anyOf"] = new JsonArray([.. fields.Select(one => new JsonObject { ["required"] = new JsonArray(one) })]) };
    }

    public void Remove(IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            _properties.Remove(field);
        }
    }

    private void If(string field, string word) => Node["if"] = new JsonObject
    {
        ["properties"] = new JsonObject { [field] = new JsonObject { ["const"] = word } },
        ["required"] = new JsonArray(field),
    };

    private static JsonArray Names(IEnumerable<string> fields) => new([.. fields.Select(field => (JsonNode)field)]);
}
