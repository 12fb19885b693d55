namespace MeshWorkflow.Sidecar.Workflows;

/// <summary>What a stored turn leads to outside of its instance.</summary>
/// <param name="Run">The instance's run now.</param>
/// <param name="PurgeAt">When the instance is to be forgotten, or null: it isn't.</param>
/// <param name="Woken">Instances with new events.</param>
internal sealed record TurnEffects(RunId Run, DateTimeOffset? PurgeAt, IReadOnlyList<Instance> Woken);
