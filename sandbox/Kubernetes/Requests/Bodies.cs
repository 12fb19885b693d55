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
            return request.ContentType.Contains("yaml", StringComparison.Ordinal) ? Yaml.Read(request.Content) : Merged(request.Json());
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

    // A key that comes twice only shows when an object is used; to look at all of them here makes it the caller's mistake.
    private static JsonNode? Merged(JsonNode? node)
    {
        try
        {
            Touch(node);
            return node;
        }
        catch (ArgumentException exception)
        {
            throw Refusals.BadRequest($"error decoding request: {exception.Message}");
        }
    }

    private static void Touch(JsonNode? node)
    {
        foreach (var child in node switch
        {
            JsonObject map => map.Select(pair => pair.Value),
            JsonArray list => list,
            _ => [],
        })
        {
            Touch(child);
        }
    }
}
