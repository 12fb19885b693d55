namespace MeshWorkflow.Sidecar.State;

/// <summary>One write of a key.</summary>
/// <param name="Key">The key as stored.</param>
/// <param name="Value">The value, or null: the key is deleted.</param>
/// <param name="Etag">The version that it must have, or null: any.</param>
/// <param name="MustBeNew">Whether it must not exist (first write without an etag).</param>
/// <param name="ExpiresAt">When it is gone by itself, or null: never.</param>
internal sealed record StateWrite(string Key, byte[]? Value, long? Etag, bool MustBeNew, DateTimeOffset? ExpiresAt);
