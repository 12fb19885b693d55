using System.Text.Json.Serialization;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>An error of the HTTP API, as daprd words them.</summary>
internal sealed record ErrorAnswer(string ErrorCode, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class ErrorJson : JsonSerializerContext;
