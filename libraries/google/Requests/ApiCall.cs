namespace MeshWorkflow.GoogleCloud.Requests;

/// <summary>One call of an API.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path and the query, ready to send.</param>
internal sealed record ApiCall(HttpMethod Method, string Path)
{
    /// <summary>What is sent along.</summary>
    public object? Body { get; init; }

    /// <summary>Whether it changes nothing, and so may be repeated.</summary>
    public bool IsRead { get; init; }

    /// <summary>How long the server may work on it, where that is longer than it would by itself.</summary>
    public TimeSpan? ServerTimeout { get; init; }
}
