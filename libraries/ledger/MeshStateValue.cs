namespace MeshWorkflow.Ledger;

/// <summary>What a key holds.</summary>
/// <param name="Value">The value.</param>
/// <param name="Etag">Its version.</param>
public sealed record MeshStateValue(ReadOnlyMemory<byte> Value, string Etag);
