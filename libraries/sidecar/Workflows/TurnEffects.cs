namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What a stored turn leads to outside of its instance.</summary>
/// <param name="Generation">The instance's generation now.</param>
/// <param name="Woken">Instances with new events.</param>
internal sealed record TurnEffects(int Generation, IReadOnlyList<Instance> Woken);
