using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Access;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Requests;

/// <summary>A call on resources, taken apart.</summary>
/// <param name="Call">The call.</param>
/// <param name="Http">What came in.</param>
/// <param name="Caller">Who calls.</param>
/// <param name="Path">The path.</param>
/// <param name="Kind">The kind of resource.</param>
/// <param name="Version">The version in which it is spoken of.</param>
/// <param name="Verb">What is to be done.</param>
internal sealed record KubeRequest(
    ApiCall Call, ApiRequest Http, Caller Caller, KubePath Path, ResourceKind Kind, KindVersion Version, string Verb)
{
    /// <summary>When it came.</summary>
    public required DateTimeOffset Now { get; init; }

    public string Name => Path.Name;

    public string Namespace => Kind.IsNamespaced ? Path.Namespace : "";

    /// <summary>The namespace to look in; null: all.</summary>
    public string? Within => Kind.IsNamespaced && Path.Namespace.Length > 0 ? Path.Namespace : null;

    public bool IsDryRun => Http.QueryValue("dryRun") == "All";

    /// <summary>Whether it is a patch that applies.</summary>
    public bool IsApply => Verb == "patch" && Http.ContentType == "application/apply-patch+yaml";

    /// <summary>Whether a parameter is there that doesn't say no.</summary>
    public bool Wants(string parameter) => Http.QueryValue(parameter) is { } value
        && value != "0" && !value.Equals("false", StringComparison.OrdinalIgnoreCase);

    /// <summary>By whom fields are set: what the caller says, or the name of its program.</summary>
    public string Manager => Http.QueryValue("fieldManager") is { Length: > 0 } manager ? manager : Http.UserAgent.Split('/')[0];

    public WriteFacts Facts() => new(Manager)
    {
        IsDryRun = IsDryRun,
        IsPatch = Verb == "patch",
        Subresource = Path.Subresource,
        Effects = Call.Effects,
        Caller = Caller,
        Version = Version,
        Validation = Http.QueryValue("fieldValidation") ?? "Warn",
    };

    /// <summary>What was sent, as an object.</summary>
    public JsonObject Body() => Bodies.ReadObject(Http);
}
