using System.Globalization;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Requests;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>As of when a caller wants a list or a watch.</summary>
/// <param name="Version">The <c>resourceVersion</c> as it was sent; empty: as of now.</param>
/// <param name="Revision">The same as a number.</param>
/// <param name="Match">The <c>resourceVersionMatch</c>; empty: none.</param>
/// <param name="Token">The <c>continue</c> token; empty: it begins.</param>
internal sealed record ListVersions(string Version, long Revision, string Match, string Token)
{
    private const string AtLeast = "NotOlderThan";

    /// <summary>Exactly as of <see cref="Revision"/>.</summary>
    public bool IsExact => Match == "Exact";

    /// <summary>As of whenever.</summary>
    public bool IsAny => Version == "0";

    /// <exception cref="KubeFailure">The options contradict each other.</exception>
    public static ListVersions Read(KubeRequest request)
    {
        var versions = new ListVersions(
            request.Http.QueryValue("resourceVersion") ?? "",
            0,
            request.Http.QueryValue("resourceVersionMatch") ?? "",
            request.Http.QueryValue("continue") ?? "");
        var mistakes = (request.Verb == "watch" ? versions.OfWatch(request) : versions.OfList(request)).ToList();
        if (mistakes.Count > 0)
        {
            throw Refusals.InvalidOptions("ListOptions", mistakes);
        }

        if (versions.Token.Length > 0 && versions.Version is not ("" or "0"))
        {
            throw Refusals.BadRequest("specifying resource version is not allowed when using continue");
        }

        if (versions.Version.Length == 0)
        {
            return versions;
        }

        return long.TryParse(versions.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? versions with { Revision = revision }
            : throw Refusals.BadRequest($"Invalid value: \"{versions.Version}\": strconv.ParseUint: parsing \"{versions.Version}\": invalid syntax");
    }

    private IEnumerable<FieldMistake> OfList(KubeRequest request)
    {
        if (Match.Length > 0)
        {
            if (Version.Length == 0)
            {
                yield return Wrong("resourceVersionMatch is forbidden unless resourceVersion is provided");
            }

            if (Token.Length > 0)
            {
                yield return Wrong("resourceVersionMatch is forbidden with continue");
            }

            if (Match is not ("Exact" or AtLeast))
            {
                yield return FieldMistake.NotSupported("resourceVersionMatch", Match, ["Exact", AtLeast, ""]);
            }
            else if (IsExact && IsAny)
            {
                yield return Wrong("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }

        if (request.Http.QueryValue("sendInitialEvents") is { Length: > 0 })
        {
            yield return FieldMistake.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
    }

    private IEnumerable<FieldMistake> OfWatch(KubeRequest request)
    {
        var asksForFirst = request.Http.QueryValue("sendInitialEvents") is { Length: > 0 };
        if (!asksForFirst && Match.Length > 0)
        {
            yield return Wrong("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }

        if (asksForFirst && Match.Length == 0)
        {
            yield return Wrong($"sendInitialEvents requires setting resourceVersionMatch to {AtLeast}");
        }
        else if (asksForFirst && Match != AtLeast)
        {
            yield return FieldMistake.NotSupported("resourceVersionMatch", Match, [AtLeast]);
        }
    }

    private static FieldMistake Wrong(string why) => FieldMistake.Forbidden("resourceVersionMatch", why);
}
