using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Protobuf;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Requests;

/// <summary>What the journal keeps of a body: all but secrets.</summary>
internal static class JournalBodies
{
    private const string Hidden = "(hidden)";

    public static JsonNode? Of(ApiRequest request, KubePath path)
    {
        if (request.Content.Length == 0 || (path.Subresource.Length > 0 && path.Plural == "serviceaccounts"))
        {
            return null;
        }

        try
        {
            var body = request.ContentType == ProtobufObjects.ContentType ? ProtobufObjects.Read(request.Bytes) : Bodies.Json(request);
            if (path is { Group: "", Plural: "secrets" })
            {
                Hide(body);
            }

            return body;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            // Whoever carries the call out says what is wrong with it.
            return null;
        }
    }

    private static void Hide(JsonNode? body)
    {
        foreach (var field in new[] { "data", "stringData" })
        {
            if (body.Object(field) is { } values)
            {
                values.Select(pair => pair.Key).ToList().ForEach(key => values[key] = Hidden);
            }
        }

        foreach (var operation in (body as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            operation["value"] = Hidden;
        }
    }
}
