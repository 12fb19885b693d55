namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>Which calls are meant. What is absent matches all; ends of operations are meant only by their name, <c>operation</c>.</summary>
/// <param name="Api">Google's short name of the API, or <c>kubernetes</c>.</param>
/// <param name="Method">Such as <c>memberships.create</c>, or <c>create namespaces</c>.</param>
/// <param name="Resource">What the full name of the resource begins with.</param>
public sealed record CallMatch(string? Api = null, string? Method = null, string? Resource = null)
{
    internal bool Fits(ApiCall call) =>
        (Api is null || Api == call.Api)
        && (Method is null ? call.Method != ApiMethods.OperationEnd : Method == call.Method)
        && (Resource is null || call.Resource.StartsWith(Resource, StringComparison.Ordinal));
}
