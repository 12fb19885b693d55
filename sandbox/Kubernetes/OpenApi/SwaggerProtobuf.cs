using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.OpenApi;

/// <summary>Writes an OpenAPI 2 document as older clients want it: in the encoding of gnostic's <c>openapi.v2.Document</c>.</summary>
internal static class SwaggerProtobuf
{
    public static byte[] Write(JsonObject document) => new ProtobufWriter()
        .Text(1, document.Text("swagger"))
        .Message(2, new ProtobufWriter().Text(1, document.Object("info").Text("title")).Text(2, document.Object("info").Text("version")))
        .Message(8, Paths(document.Object("paths") ?? []))
        .Message(9, Named(document.Object("definitions") ?? []))
        .ToArray();

    private static ProtobufWriter Named(JsonObject types)
    {
        var named = new ProtobufWriter();
        foreach (var (name, type) in types)
        {
            named.Message(1, new ProtobufWriter().Text(1, name).Message(2, Type(type as JsonObject ?? [])));
        }

        return named;
    }

    private static ProtobufWriter Type(JsonObject type)
    {
        var message = new ProtobufWriter()
            .Text(1, type.Text("$ref"))
            .Text(2, type.Text("format"))
            .Text(4, type.Text("description"));
        foreach (var name in type.Texts("required"))
        {
            message.Text(19, name);
        }

        if (type.Object("additionalProperties") is { } values)
        {
            message.Message(21, new ProtobufWriter().Message(1, Type(values)));
        }

        if (type.Text("type") is { Length: > 0 } word)
        {
            message.Message(22, new ProtobufWriter().Text(1, word));
        }

        if (type.Object("items") is { } items)
        {
            message.Message(23, new ProtobufWriter().Message(1, Type(items)));
        }

        if (type.Object("properties") is { } properties)
        {
            message.Message(25, Named(properties));
        }

        return Extensions(message, 31, type);
    }

    private static ProtobufWriter Paths(JsonObject paths)
    {
        var message = new ProtobufWriter();
        foreach (var (path, operations) in paths)
        {
            message.Message(2, new ProtobufWriter().Text(1, path).Message(2, Operations(operations as JsonObject ?? [])));
        }

        return message;
    }

    private static ProtobufWriter Operations(JsonObject operations)
    {
        var message = new ProtobufWriter();
        foreach (var (method, field) in new[] { ("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8) })
        {
            if (operations.Object(method) is { } operation)
            {
                message.Message(field, Operation(operation));
            }
        }

        return message;
    }

    private static ProtobufWriter Operation(JsonObject operation)
    {
        var message = new ProtobufWriter().Text(5, operation.Text("operationId"));
        foreach (var parameter in operation.Objects("parameters"))
        {
            var query = new ProtobufWriter().Text(2, "query").Text(4, parameter.Text("name")).Text(6, parameter.Text("type"));
            var isQuery = new ProtobufWriter().Message(2, new ProtobufWriter().Message(3, query));
            message.Message(8, new ProtobufWriter().Message(1, isQuery));
        }

        return Extensions(message, 13, operation);
    }

    private static ProtobufWriter Extensions(ProtobufWriter message, int field, JsonObject node)
    {
        foreach (var (name, value) in node.Where(pair => pair.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            // The value is YAML, and JSON is YAML.
            var any = new ProtobufWriter().Text(2, value?.ToJsonString(AnswerJson.Options) + "\n");
            message.Message(field, new ProtobufWriter().Text(1, name).Message(2, any));
        }

        return message;
    }
}
