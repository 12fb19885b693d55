using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>A request as it is stored, and what tells whether two are the same.</summary>
internal static class RequestDigest
{
    public static byte[] Write(FleetInstallRequest request) =>
        JsonSerializer.SerializeToUtf8Bytes(request, RequestJson.Default.FleetInstallRequest);

    public static FleetInstallRequest Read(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize(json.Span, RequestJson.Default.FleetInstallRequest)
        ?? throw new InvalidOperationException("A stored request is empty.");

    public static string Of(FleetInstallRequest request) => Convert.ToHexStringLower(SHA256.HashData(Write(request)));
}

/// <summary>How requests are stored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FleetInstallRequest))]
internal sealed partial class RequestJson : JsonSerializerContext;
