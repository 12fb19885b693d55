using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>A call of Google's APIs is refused.</summary>
internal sealed class GoogleFailure(Answer answer) : Exception
{
    public Answer Answer { get; } = answer;
}
