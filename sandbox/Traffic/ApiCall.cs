using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>A call of a simulated API, as journal, faults and holds see it.</summary>
internal sealed class ApiCall
{
    /// <summary>Google's short name of the API, or <c>kubernetes</c>.</summary>
    public required string Api { get; init; }

    /// <summary>Google's short name of the API that leads to it; empty: it comes directly.</summary>
    public string Via { get; init; } = "";

    /// <summary>Such as <c>memberships.create</c>, or <c>create namespaces</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The full name of the resource that it is about; empty: none in particular.</summary>
    public string Resource { get; init; } = "";

    /// <summary>The id of the project whose quotas it takes from; empty: the one that the resource is in.</summary>
    public string Consumer { get; init; } = "";

    /// <summary>The certificate authority that it has sign, and its tier; empty: none.</summary>
    public (string Authority, string Tier) Signer { get; init; } = ("", "");

    /// <summary>Whether its answer goes on for as long as the caller likes.</summary>
    public bool IsStream => Method.StartsWith("watch ", StringComparison.Ordinal);

    /// <summary>Who calls; empty: nobody known.</summary>
    public string Principal { get; set; } = "";

    /// <summary>What the caller sent, without secrets.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>Carries the call out. Runs alone: one call of the whole world at a time.</summary>
    public required Func<ApiCall, Answer> Handle { get; init; }

    /// <summary>What the call changed: <c>created</c>, <c>updated</c> or <c>deleted</c> and the resource's full name.</summary>
    public List<string> Effects { get; } = [];

    /// <summary>Whether it looks or changes.</summary>
    public CallKind Kind => IsRead(Method) ? CallKind.Read : CallKind.Write;

    /// <summary>Of the end of an operation: the method that began it.</summary>
    public string Began { get; init; } = "";

    /// <summary>Ends when what the call began has ended.</summary>
    public Task Aftermath { get; set; } = Task.CompletedTask;

    // Google's methods end in their verb, those of Kubernetes begin with it.
    private static bool IsRead(string method)
    {
        var verb = method.Contains(' ', StringComparison.Ordinal) ? method.Split(' ')[0] : method[(method.LastIndexOf('.') + 1)..];
        return verb is "get" or "list" or "watch" or "search" or ApiMethods.Open
            || verb.StartsWith("get", StringComparison.Ordinal) || verb.StartsWith("batchGet", StringComparison.Ordinal)
            || verb.StartsWith("fetch", StringComparison.Ordinal) || verb.StartsWith("list", StringComparison.Ordinal) || verb.StartsWith("test", StringComparison.Ordinal)
            || method.Split(' ') is [_, "selfsubjectaccessreviews" or "selfsubjectrulesreviews" or "subjectaccessreviews" or "localsubjectaccessreviews" or "tokenreviews"];
    }
}
