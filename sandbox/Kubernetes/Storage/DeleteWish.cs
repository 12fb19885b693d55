using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Storage;

/// <summary>How something is to be deleted.</summary>
internal sealed record DeleteWish
{
    /// <summary>Only if it is the very one; empty: any.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Only if it is unchanged; empty: any.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>What becomes of what it owns: <c>Background</c>, <c>Foreground</c> or <c>Orphan</c>; empty: what is usual.</summary>
    public string Propagation { get; init; } = "";

    /// <summary>How long it may take; null: what is usual.</summary>
    public long? GraceSeconds { get; init; }

    public static DeleteWish Read(ApiRequest request)
    {
        var body = request.Content.Length > 0 ? Requests.Bodies.ReadObject(request) : [];
        var preconditions = body.Object("preconditions");
        return new DeleteWish
        {
            Uid = preconditions.Text("uid"),
            ResourceVersion = preconditions.Text("resourceVersion"),
            Propagation = PropagationOf(request, body),
            GraceSeconds = body.Number("gracePeriodSeconds") ?? Seconds(request.QueryValue("gracePeriodSeconds")),
        };
    }

    /// <exception cref="KubeFailure">It is not the one that is meant.</exception>
    public void Check(ResourceKind kind, JsonObject current)
    {
        if (Uid.Length > 0 && Uid != current.Uid())
        {
            throw Refusals.Conflict(
                kind,
                current.Name(),
                $"the UID in the precondition ({Uid}) does not match the UID in record ({current.Uid()}). The object might have been deleted and then recreated");
        }

        if (ResourceVersion.Length > 0 && ResourceVersion != current.ResourceVersion())
        {
            throw Refusals.Conflict(
                kind,
                current.Name(),
                $"the ResourceVersion in the precondition ({ResourceVersion}) does not match the ResourceVersion in record ({current.ResourceVersion()}). The object might have been modified");
        }
    }

    private static string PropagationOf(ApiRequest request, JsonObject body)
    {
        if (body.Text("propagationPolicy") is { Length: > 0 } inBody)
        {
            return inBody;
        }

        if (request.QueryValue("propagationPolicy") is { Length: > 0 } inQuery)
        {
            return inQuery;
        }

        return body["orphanDependents"] is null ? "" : body.Flag("orphanDependents") ? "Orphan" : "Background";
    }

    private static long? Seconds(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
