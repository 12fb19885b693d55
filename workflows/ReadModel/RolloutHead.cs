namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>The newest generation of a rollout's name.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Digest">What was asked for.</param>
internal sealed record RolloutHead(int Generation, string Digest);

/// <summary>What an <c>Idempotency-Key</c> stands for.</summary>
/// <param name="Run">The generation that it was answered with; empty: it is still being begun.</param>
/// <param name="Digest">What was asked for.</param>
internal sealed record KeptAnswer(string Run, string Digest);
