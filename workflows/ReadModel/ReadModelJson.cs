using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>How documents are stored and sent.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RolloutDocument))]
[JsonSerializable(typeof(ClusterDocument))]
[JsonSerializable(typeof(RolloutHead))]
[JsonSerializable(typeof(KeptAnswer))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class ReadModelJson : JsonSerializerContext;
