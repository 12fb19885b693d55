namespace MeshWorkflow.Sidecar.State;

/// <summary>What a key holds.</summary>
internal sealed record StateValue(byte[] Data, string Etag, DateTimeOffset? ExpiresAt);
