using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Protobuf;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Requests;

/// <summary>Reads what was sent.</summary>
internal static class Bodies
{
    private static readonly string[] Accepted = ["application/json", "application/yaml", ProtobufObjects.ContentType];

    /// <exception cref="KubeFailure">It is no object, or of a type that isn't read here.</exception>
    public static JsonObject ReadObject(ApiRequest request)
    {
        if (request.ContentType == ProtobufObjects.ContentType)
        {
            return ReadBinary(request);
        }

        if (request.ContentType is not ("" or "application/json" or "application/yaml"))
        {
            throw Refusals.WrongType(Accepted);
        }

        return Read(request) as JsonObject ?? throw Refusals.BadRequest("Object 'Kind' is missing in 'null'");
    }

    /// <exception cref="KubeFailure">It can't be read.</exception>
    public static JsonNode? Read(ApiRequest request)
    {
        try
        {
            return request.ContentType.Contains("yaml", StringComparison.Ordinal) ? Yaml.Read(request.Content) : Json(request);
        }
        catch (Exception exception) when (exception is JsonException or YamlDotNet.Core.YamlException)
        {
            throw Refusals.BadRequest($"error decoding request: {exception.Message}");
        }
    }

    private static JsonObject ReadBinary(ApiRequest request)
    {
        try
        {
            return ProtobufObjects.Read(request.Bytes) ?? throw Refusals.BadRequest("the provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        catch (FormatException exception)
        {
            throw Refusals.BadRequest(exception.Message);
        }
    }

    /// <summary>The body as JSON; of a key that comes twice, the last one counts. Null: there is none.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static JsonNode? Json(ApiRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Content))
        {
            return null;
        }

        using var document = JsonDocument.Parse(request.Content);
        return Node(document.RootElement);
    }

    private static JsonNode? Node(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    map[property.Name] = Node(property.Value);
                }

                return map;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Node)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }
}
