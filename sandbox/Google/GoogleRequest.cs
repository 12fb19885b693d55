using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>A call of one of Google's APIs, taken apart.</summary>
/// <param name="Call">The call.</param>
/// <param name="Request">What came in.</param>
/// <param name="Path">The parts of its path.</param>
/// <param name="Body">Its body, in camelCase.</param>
/// <param name="Name">The relative name of the resource that its path names, the project by its id.</param>
internal sealed record GoogleRequest(ApiCall Call, ApiRequest Request, Match Path, JsonObject Body, string Name)
{
    private readonly ProjectState? _project;

    /// <summary>The project that its path names.</summary>
    public ProjectState Project
    {
        get => _project ?? throw new InvalidOperationException($"The path of {Call.Method} names no project.");
        init => _project = value;
    }

    public string Principal => Call.Principal;

    public string Part(string name) => Uri.UnescapeDataString(Path.Groups[name].Value);

    /// <summary>A parameter of the query, whichever case it came in.</summary>
    public string? Query(string name) =>
        Request.Query.FirstOrDefault(pair => pair.Key == name || FieldNames.Camel(pair.Key) == name).Value is { Count: > 0 } values ? values.ToString() : null;

    /// <summary>A truth of the query; absent: false.</summary>
    /// <exception cref="GoogleFailure">It is something else.</exception>
    public bool Flag(string name) => Query(name) switch
    {
        null or "" or "false" or "False" => false,
        "true" or "True" => true,
        var other => throw new GoogleFailure(GoogleErrors.Of(
            "INVALID_ARGUMENT", $"Invalid value at '{name}' (TYPE_BOOL), \"{other}\"", GoogleErrors.BadFields((name, $"Invalid value (TYPE_BOOL): {other}")))),
    };
}
