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
    /// <exception cref="KubeFailure">The query is wrong, or the list too old to go on with.</exception>
    public static Page Read(KubeRequest request, ObjectStore store)
    {
        var limit = int.TryParse(request.Http.QueryValue("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : (int?)null;
        if (request.Http.QueryValue("continue") is { Length: > 0 } token)
        {
            return Continue(limit, token, store);
        }

        var version = request.Http.QueryValue("resourceVersion") ?? "";
        if (version.Length > 0 && !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new KubeFailure(400, "BadRequest", $"Invalid value: \"{version}\": strconv.ParseUint: parsing \"{version}\": invalid syntax");
        }

        return new Page(limit, "", "", store.Revision);
    }

    public bool IsAfter(JsonObject item) => Name.Length == 0
        || string.CompareOrdinal(item.Namespace(), Namespace) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(item.Name(), Name) > 0));

    public string TokenAfter(JsonObject item) => Convert.ToBase64String(Encoding.UTF8.GetBytes(new JsonObject
    {
        ["v"] = "meta.k8s.io/v1",
        ["rv"] = Revision,
        ["start"] = $"{item.Namespace()}/{item.Name()}",
    }.ToJsonString()));

    private static Page Continue(int? limit, string token, ObjectStore store)
    {
        JsonNode? read;
        try
        {
            read = JsonNode.Parse(Convert.FromBase64String(token));
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

        return revision < store.Forgotten
            ? throw Refusals.Expired("The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.")
            : new Page(limit, start[0], start[1], revision);
    }
}
