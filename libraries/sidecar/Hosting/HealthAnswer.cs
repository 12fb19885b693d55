using System.Text.Json.Serialization;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>Why the sidecar isn't well.</summary>
internal sealed record HealthAnswer(string ErrorCode, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
