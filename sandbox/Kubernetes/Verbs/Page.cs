using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Requests;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>A page of a list.</summary>
/// <param name="Limit">How many objects it may have; null: any number.</param>
/// <param name="Namespace">The namespace of the object that the page before ended with.</param>
/// <param name="Name">The name of that object; empty: this is the first page.</param>
/// <param name="Revision">As of when the list is.</param>
internal sealed record Page(int? Limit, string Namespace, string Name, long Revision)
{
    // A list that goes on as of now, since what it began with is forgotten.
    private const long Now = -1;

    /// <exception cref="KubeFailure">The query is wrong, or asks for what is forgotten or yet to come.</exception>
    public static Page Read(KubeRequest request, ObjectStore store)
    {
        var versions = ListVersions.Read(request);
        var limit = int.TryParse(request.Http.QueryValue("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : (int?)null;
        if (versions.Token.Length > 0)
        {
            return Continue(limit, versions.Token, store);
        }

        if (versions.IsExact || (limit is not null && versions is { Revision: > 0, Match: "" }))
        {
            return new Page(limit, "", "", Exact(versions.Revision, store));
        }

        // Who takes what there is gets all of it: it comes from memory.
        return versions.Revision > store.Revision
            ? throw Refusals.TooLargeVersion(versions.Revision, store.Revision)
            : new Page(versions.IsAny ? null : limit, "", "", store.Revision);
    }

    public bool IsAfter(JsonObject item) => Name.Length == 0
        || string.CompareOrdinal(item.Namespace(), Namespace) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(item.Name(), Name) > 0));

    public string TokenAfter(JsonObject item) => Token(Revision, item.Namespace(), item.Name());

    private static string Token(long revision, string ns, string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new JsonObject
    {
        ["v"] = "meta.k8s.io/v1",
        ["rv"] = revision,
        ["start"] = $"{ns}/{name}",
    }.ToJsonString()));

    private static long Exact(long revision, ObjectStore store)
    {
        if (revision < store.Forgotten)
        {
            throw Refusals.Expired("The resourceVersion for the provided list is too old.");
        }

        return revision <= store.Revision
            ? revision
            : throw new KubeFailure(500, "", "etcdserver: mvcc: required revision is a future revision");
    }

    private static Page Continue(int? limit, string token, ObjectStore store)
    {
        JsonNode? read;
        try
        {
            read = JsonNode.Parse(Base64Url.DecodeFromChars(token));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw Refusals.BadRequest("continue key is not valid: " + exception.Message);
        }

        var start = read.Text("start").Split('/');
        if (start.Length != 2 || read.Number("rv") is not { } revision)
        {
            throw Refusals.BadRequest("continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        }

        if (revision == Now)
        {
            return new Page(limit, start[0], start[1], store.Revision);
        }

        return revision >= store.Forgotten && revision <= store.Revision
            ? new Page(limit, start[0], start[1], revision)
            : throw new KubeFailure(410, "Expired", "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.")
            {
                Continue = Token(Now, start[0], start[1]),
            };
    }
}
