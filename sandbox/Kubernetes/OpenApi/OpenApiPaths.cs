using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Discovery;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.OpenApi;

/// <summary>Answers who asks for OpenAPI documents. What is built in is described once for all clusters.</summary>
internal sealed class OpenApiPaths(Catalog catalog)
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, byte[]> BuiltIn = new(StringComparer.Ordinal);

    /// <summary>The answer; null: there is no such path.</summary>
    public Answer? Answer(ApiRequest request)
    {
        if (request.Path == "/openapi/v2")
        {
            return V2(request);
        }

        if (request.Path == "/openapi/v3")
        {
            return new Answer(200, new JsonObject { ["paths"] = new JsonObject(Places().Select(Place)) });
        }

        var place = request.Path.StartsWith("/openapi/v3/", StringComparison.Ordinal) ? request.Path["/openapi/v3/".Length..] : "";
        return Places().Contains(place) ? Json(V3(place)) : null;
    }

    private IEnumerable<string> Places() =>
        ["api/v1", .. catalog.Groups().SelectMany(group => group.Versions.Select(version => $"apis/{group.Group}/{version}"))];

    private KeyValuePair<string, JsonNode?> Place(string place)
    {
        var hash = Convert.ToHexString(SHA256.HashData(V3(place)));
        return KeyValuePair.Create<string, JsonNode?>(place, new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{place}?hash={hash}" });
    }

    private byte[] V3(string place)
    {
        var parts = place.Split('/');
        var (group, version) = parts.Length == 2 ? ("", parts[1]) : (parts[1], parts[2]);
        var kinds = catalog.In(group, version).Select(kind => (kind, kind.Version(version) ?? kind.Storage)).ToList();
        return Cached(place, kinds.Exists(kind => kind.kind.IsCustom), () =>
        {
            var types = new TypeDocuments("#/components/schemas/");
            kinds.ForEach(kind => types.Add(kind.kind, kind.Item2));
            return Bytes(new JsonObject
            {
                ["openapi"] = "3.0.0",
                ["info"] = Info(),
                ["paths"] = PathDocuments.Of(kinds, isV3: true),
                ["components"] = new JsonObject { ["schemas"] = types.Types },
            });
        });
    }

    private Answer V2(ApiRequest request)
    {
        var isProtobuf = request.Accept.Contains("openapi.spec.v2@v1.0+protobuf", StringComparison.Ordinal)
            || request.Accept.Contains("openapi-spec.v2@v1.0+protobuf", StringComparison.Ordinal);
        var isCustom = catalog.CustomKinds.Any();
        if (!isProtobuf)
        {
            return Json(Cached("v2", isCustom, () => Bytes(Swagger())));
        }

        return new Answer(200) { Bytes = Cached("v2.pb", isCustom, () => SwaggerProtobuf.Write(Swagger())), ContentType = "application/octet-stream" };
    }

    private JsonObject Swagger()
    {
        var types = new TypeDocuments("#/definitions/");
        var kinds = catalog.Kinds.SelectMany(kind => kind.Versions.Where(version => version.IsServed).Select(version => (kind, version))).ToList();
        kinds.ForEach(kind => types.Add(kind.kind, kind.version));
        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = Info(),
            ["paths"] = PathDocuments.Of(kinds, isV3: false),
            ["definitions"] = types.Types,
        };
    }

    private static JsonObject Info() => new() { ["title"] = "Kubernetes", ["version"] = ServerVersion.OfTypes };

    private static byte[] Cached(string key, bool isCustom, Func<byte[]> make)
    {
        if (isCustom)
        {
            return make();
        }

        lock (Gate)
        {
            if (!BuiltIn.TryGetValue(key, out var made))
            {
                BuiltIn[key] = made = make();
            }

            return made;
        }
    }

    private static byte[] Bytes(JsonObject document) => JsonSerializer.SerializeToUtf8Bytes(document, AnswerJson.Options);

    private static Answer Json(byte[] document) => new(200)
    {
        Bytes = document,
        ContentType = "application/json",
        ETag = $"\"{Convert.ToHexString(SHA256.HashData(document))}\"",
    };
}
