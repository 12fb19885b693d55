using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Planning;
using MeshWorkflow.Workflows.Preflights;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Workflows.Api;

/// <summary>How the API's answers are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(RolloutView))]
[JsonSerializable(typeof(RolloutList))]
[JsonSerializable(typeof(RolloutDocument))]
[JsonSerializable(typeof(RolloutEvent))]
[JsonSerializable(typeof(StageDocument))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(PreflightView))]
[JsonSerializable(typeof(Validated))]
[JsonSerializable(typeof(ApprovalRequest))]
[JsonSerializable(typeof(CancelRequest))]
[JsonSerializable(typeof(UnlockRequest))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>A request without a mistake.</summary>
/// <param name="Name">The rollout's name.</param>
/// <param name="Clusters">How many clusters it has.</param>
internal sealed record Validated(string Name, int Clusters);
