using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Calls;

/// <summary>What a plan may build on.</summary>
/// <param name="Call">The call.</param>
/// <param name="Earlier">This generation's earlier plans of this step, oldest first.</param>
public sealed record PlanFacts(CallFacts Call, IReadOnlyList<Plan> Earlier);

/// <summary>What an apply or a revert needs besides its plan.</summary>
/// <param name="Call">The call.</param>
/// <param name="Gate">Stands before every write.</param>
public sealed record WriteFacts(CallFacts Call, WriteGate Gate);

/// <summary>What a verify needs besides its plan.</summary>
/// <param name="Call">The call.</param>
/// <param name="Side">Which side of the plan is wanted.</param>
/// <param name="Handles">What was answered as pending.</param>
public sealed record VerifyFacts(CallFacts Call, Side Side, IReadOnlyList<string> Handles);
