using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>GKE Hub: the memberships of fleets.</summary>
internal sealed class HubApi : IGoogleApi
{
    private const string Parent = "v1/projects/{project}/locations/{location}";
    private readonly Projects _projects;
    private readonly Memberships _memberships;
    private readonly Operations _operations;

    public HubApi(Projects projects, Memberships memberships, Operations operations)
    {
        _projects = projects;
        _memberships = memberships;
        _operations = operations;
        Routes =
        [
            new GoogleRoute("memberships.list", "GET", Parent + "/memberships", List, null, "pageSize", "pageToken", "filter", "orderBy"),
            new GoogleRoute("memberships.get", "GET", Parent + "/memberships/{membership}", Get) { Resource = ResourceOf },
            new GoogleRoute("memberships.create", "POST", Parent + "/memberships", Create, Memberships.Shape, "membershipId", "requestId")
            {
                Resource = (match, request) => Memberships.ResourceName(match.Groups["project"].Value, match.Groups["location"].Value, request.QueryValue("membershipId") ?? ""),
            },
            new GoogleRoute("memberships.patch", "PATCH", Parent + "/memberships/{membership}", Patch, Memberships.Shape, "updateMask", "requestId")
            {
                Resource = ResourceOf,
            },
            new GoogleRoute("memberships.delete", "DELETE", Parent + "/memberships/{membership}", Delete, null, "force", "requestId") { Resource = ResourceOf },
            new GoogleRoute("operations.get", "GET", Parent + "/operations/{operation}", GetOperation),
        ];
    }

    public string Name => "gkehub";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    private static string ResourceOf(Match match, ApiRequest request) => Memberships.ResourceName(
        match.Groups["project"].Value, match.Groups["location"].Value, match.Groups["membership"].Value);

    private Answer List(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        if (request.Query("filter") is { Length: > 0 } filter && !Memberships.CanFilter(filter))
        {
            return GoogleErrors.Of("UNIMPLEMENTED", $"This sandbox does not know the filter '{filter}'.");
        }

        var size = int.TryParse(request.Query("pageSize"), out var wanted) && wanted > 0 ? wanted : int.MaxValue;
        var all = _memberships.In(project.Id, request.Part("location"), request.Query("filter")).ToList();
        var start = int.TryParse(request.Query("pageToken"), out var token) ? token : 0;
        var page = all.Skip(start).Take(size).Select(membership => membership.Show()).ToArray<JsonNode>();
        var list = new JsonObject { ["resources"] = new JsonArray(page) };
        if (start + page.Length < all.Count)
        {
            list["nextPageToken"] = $"{start + page.Length}";
        }

        return new Answer(200, list);
    }

    private Answer Get(GoogleRequest request) => new(200, Find(request).Show());

    private Answer Create(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        if (request.Query("membershipId") is not { Length: > 0 } id || !Memberships.IsId(id))
        {
            return GoogleErrors.Of(
                "INVALID_ARGUMENT", "InvalidValueError for field membership_id: must be 1 to 63 lower-case letters, digits and hyphens.");
        }

        return Once(request, project, () => _memberships.Create(request, project, request.Part("location"), id));
    }

    private Answer Patch(GoogleRequest request)
    {
        var membership = Find(request);
        return Once(request, _projects.Using(request.Part("project"), Name), () => _memberships.Patch(request, membership));
    }

    private Answer Delete(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);

        // A repetition answers its operation even when the membership is gone.
        return Once(request, project, () => _memberships.Delete(request, Find(request)));
    }

    private Answer GetOperation(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        var name = $"projects/{project.Id}/locations/{request.Part("location")}/operations/{request.Part("operation")}";
        return _operations.Find(name) is { } operation ? new Answer(200, Show(operation)) : NotFound(name);
    }

    private Answer Once(GoogleRequest request, Google.Projects.ProjectState project, Func<Operation> begin)
    {
        if (request.Query("requestId") is not { Length: > 0 } id)
        {
            return new Answer(200, Show(begin()));
        }

        if (!Guid.TryParse(id, out var parsed) || parsed == Guid.Empty)
        {
            return GoogleErrors.Of("INVALID_ARGUMENT", $"request_id must be a UUID that is not nil: {id}");
        }

        return new Answer(200, Show(_memberships.Once($"{project.Id}/{request.Call.Method}/{parsed}", begin)));
    }

    private Membership Find(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        return _memberships.Find(project.Id, request.Part("location"), request.Part("membership"))
            ?? throw new GoogleFailure(NotFound($"projects/{request.Part("project")}/locations/{request.Part("location")}/memberships/{request.Part("membership")}"));
    }

    private static Answer NotFound(string name) =>
        GoogleErrors.Of("NOT_FOUND", $"Resource '{name}' was not found", GoogleErrors.ResourceInfo(name));

    private static JsonObject Show(Operation operation)
    {
        var metadata = new JsonObject
        {
            ["@type"] = "type.googleapis.com/google.cloud.gkehub.v1.OperationMetadata",
            ["createTime"] = Times.Text(operation.Begun),
            ["target"] = operation.Target["//gkehub.googleapis.com/".Length..],
            ["verb"] = operation.Verb,
            ["apiVersion"] = "v1",
        };
        var shown = new JsonObject { ["name"] = operation.Name, ["metadata"] = metadata, ["done"] = operation.Ended is not null };
        if (operation.Ended is { } ended)
        {
            metadata["endTime"] = Times.Text(ended);
        }

        if (operation.Result is { Code: { } code })
        {
            shown["error"] = new JsonObject { ["code"] = GoogleErrors.NumberOf(code), ["message"] = operation.Result.Message };
        }
        else if (operation.Result is { Response: { } response })
        {
            shown["response"] = response.DeepClone();
        }

        return shown;
    }
}
