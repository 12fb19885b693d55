using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Sandbox.Traffic;

/// <summary>Which calls are meant. What is absent matches all; ends of operations are meant only by their name, <c>operation</c>.</summary>
/// <param name="Api">Google's short name of the API, or <c>kubernetes</c>.</param>
/// <param name="Method">Such as <c>memberships.create</c>, or <c>create namespaces</c>; <c>*</c> stands for anything, <c>|</c> between methods for "or".</param>
/// <param name="Resource">What the full name of the resource begins with.</param>
public sealed record CallMatch(string? Api = null, string? Method = null, string? Resource = null)
{
    /// <summary>The id of the project that the resource is in.</summary>
    public string? Project { get; init; }

    /// <summary>The cluster that the resource is or is in: its name, or <c>projects/P/locations/L/clusters/C</c>.</summary>
    public string? Cluster { get; init; }

    /// <summary>Who calls, as in a policy.</summary>
    public string? Caller { get; init; }

    /// <summary>Reads alone, or writes alone.</summary>
    public CallKind? Kind { get; init; }

    internal bool Fits(ApiCall call) =>
        (Method is null ? call.Method != ApiMethods.OperationEnd : IsMethod(call.Method)) && FitsBesideMethod(call);

    /// <summary>Whether an operation was begun by what is meant.</summary>
    internal bool FitsBeginning(ApiCall end) => (Method is null || IsMethod(end.Began)) && FitsBesideMethod(end);

    /// <summary>Whether a cluster, by its relative name, is the one that is meant.</summary>
    internal bool IsCluster(string cluster) => Cluster is null || cluster == Cluster || cluster.EndsWith($"/clusters/{Cluster}", StringComparison.Ordinal);

    private bool FitsBesideMethod(ApiCall call) =>
        (Api is null || Api == call.Api || Api == call.Via)
        && (Resource is null || call.Resource.StartsWith(Resource, StringComparison.Ordinal))
        && (Project is null || $"{call.Resource}/".Contains($"/projects/{Project}/", StringComparison.Ordinal))
        && (Cluster is null || $"{call.Resource}/".Contains(Cluster.Contains('/', StringComparison.Ordinal) ? $"/{Cluster}/" : $"/clusters/{Cluster}/", StringComparison.Ordinal))
        && (Caller is null || Caller == call.Principal)
        && (Kind is null || Kind == call.Kind);

    private bool IsMethod(string method) => Method is not { } wanted || wanted.Split('|').Any(each => each.Contains('*', StringComparison.Ordinal)
        ? Regex.IsMatch(method, $"^{Regex.Escape(each).Replace("\\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.CultureInvariant)
        : each == method);
}

/// <summary>Whether a call looks or changes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallKind>))]
public enum CallKind
{
    /// <summary>It looks.</summary>
    Read,

    /// <summary>It changes something.</summary>
    Write,
}
