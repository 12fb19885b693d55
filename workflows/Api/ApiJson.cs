using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshWorkflow.Workflows.Api;

/// <summary>How the API's answers are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(RolloutView))]
[JsonSerializable(typeof(RolloutList))]
internal sealed partial class ApiJson : JsonSerializerContext;
