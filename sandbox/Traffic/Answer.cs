using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>What a call is answered with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON body; null: none.</param>
internal sealed record Answer(int Status, JsonNode? Body = null)
{
    /// <summary>After how many seconds to come back.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The body, where it isn't JSON.</summary>
    public string? Text { get; init; }

    /// <summary>What the body is, where its kind doesn't say so.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body, where it is neither JSON nor text.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>What the caller should know though all is well.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Names the body's version, so that it need not be sent again.</summary>
    public string? ETag { get; init; }

    /// <summary>Writes the body bit by bit, where it goes on for as long as the caller listens.</summary>
    public Func<HttpResponse, CancellationToken, Task>? Stream { get; init; }
}
