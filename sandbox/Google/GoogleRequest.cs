using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>A call of one of Google's APIs, taken apart.</summary>
/// <param name="Call">The call.</param>
/// <param name="Request">What came in.</param>
/// <param name="Path">The parts of its path.</param>
/// <param name="Body">Its body, in camelCase.</param>
internal sealed record GoogleRequest(ApiCall Call, ApiRequest Request, Match Path, JsonObject Body)
{
    public string Part(string name) => Uri.UnescapeDataString(Path.Groups[name].Value);

    /// <summary>A parameter of the query, whichever case it came in.</summary>
    public string? Query(string name) =>
        Request.Query.FirstOrDefault(pair => Shape.Camel(pair.Key) == name).Value is { Count: > 0 } values ? values.ToString() : null;
}
