using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Control;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>How documents are stored and sent.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RolloutDocument))]
[JsonSerializable(typeof(ScopeDocument))]
[JsonSerializable(typeof(RolloutHead))]
[JsonSerializable(typeof(KeptAnswer))]
[JsonSerializable(typeof(StageList))]
[JsonSerializable(typeof(StageDocument))]
[JsonSerializable(typeof(ControlDocument))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class ReadModelJson : JsonSerializerContext;
