using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>GKE Hub: the memberships and features of fleets.</summary>
internal sealed class HubApi : IGoogleApi, IWorldPart
{
    private const string Location = "v1/projects/{project}/locations/{location}";
    private const string MembershipPath = $"{Location}/memberships/{{membership}}";
    private readonly Memberships _memberships;
    private readonly Features _features;
    private readonly AccessControl _access;
    private readonly RequestMemory _memory;
    private readonly Longrunning _operations;

    public HubApi(Memberships memberships, Features features, AccessControl access, PolicyRoutes policies, Operations operations, RequestMemory memory)
    {
        (_memberships, _features, _access, _memory) = (memberships, features, access, memory);
        _operations = new Longrunning(Name, "google.cloud.gkehub.v1.OperationMetadata", operations);
        var schemas = ApiSchemas.Of(Name);
        Routes =
        [
            .. MembershipRoutes(schemas.Message("Membership")),
            .. policies.For(Name, "memberships", MembershipPath, request => Find(request)),
            .. FeatureRoutes(schemas.Message("Feature")),
            new GoogleRoute("operations.list", "GET", $"{Location}/operations", _operations.List, null, "filter", "pageSize", "pageToken", "returnPartialSuccess")
            {
                Permission = "gkehub.operations.list",
            },
            new GoogleRoute("operations.get", "GET", $"{Location}/operations/{{operation}}", _operations.Get) { Permission = "gkehub.operations.get" },
            new GoogleRoute("operations.cancel", "POST", $"{Location}/operations/{{operation}}:cancel", _operations.Cancel, schemas.Message("CancelOperationRequest"))
            {
                Permission = "gkehub.operations.cancel",
            },
        ];
    }

    public string Name => "gkehub";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    // Without what the server found out by itself.
    public IEnumerable<KeyValuePair<string, JsonNode>> Resources()
    {
        foreach (var membership in _memberships.All)
        {
            var shown = membership.Show();
            (shown["endpoint"] as JsonObject)?.Remove("kubernetesMetadata");
            yield return new(membership.ResourceName, shown);
            if (_access.Of(membership.RelativeName) is { Bindings.Count: > 0 } policy)
            {
                yield return new($"{membership.ResourceName}/iamPolicy", policy.Show(version: 3));
            }
        }

        foreach (var feature in _features.All)
        {
            feature.Remove("membershipStates");
            yield return new($"//gkehub.googleapis.com/{feature["name"]}", feature);
        }
    }

    private IEnumerable<GoogleRoute> MembershipRoutes(Schema body) =>
    [
        new GoogleRoute("memberships.list", "GET", $"{Location}/memberships", List, null, "pageSize", "pageToken", "filter", "orderBy")
        {
            Permission = "gkehub.memberships.list",
        },
        new GoogleRoute("memberships.get", "GET", MembershipPath, request => new Answer(200, GcloudLinks.For(request, Find(request).Show()))) { Permission = "gkehub.memberships.get" },
        new GoogleRoute("memberships.create", "POST", $"{Location}/memberships", Create, body, "membershipId", "requestId")
        {
            Permission = "gkehub.memberships.create",
            IdParameter = "membershipId",
        },
        new GoogleRoute("memberships.patch", "PATCH", MembershipPath, Once(request => _memberships.Patch(request, Find(request))), body, "updateMask", "requestId")
        {
            Permission = "gkehub.memberships.update",
        },
        new GoogleRoute("memberships.delete", "DELETE", MembershipPath, Once(request => _memberships.Delete(request, Find(request))), null, "force", "requestId")
        {
            Permission = "gkehub.memberships.delete",
        },
        new GoogleRoute(
            "memberships.generateConnectManifest",
            "GET",
            $"{MembershipPath}:generateConnectManifest",
            request => new Answer(200, ConnectManifest.Of(Find(request), request)),
            null,
            "namespace", "proxy", "version", "isUpgrade", "registry", "imagePullSecretContent")
        {
            Permission = "gkehub.memberships.generateConnectManifest",
        },
    ];

    private IEnumerable<GoogleRoute> FeatureRoutes(Schema body)
    {
        const string Path = $"{Location}/features/{{feature}}";
        return
        [
            new GoogleRoute("features.list", "GET", $"{Location}/features", _features.List, null, "pageSize", "pageToken", "filter", "orderBy", "returnPartialSuccess")
            {
                Permission = "gkehub.features.list",
            },
            new GoogleRoute("features.get", "GET", Path, _features.Get, null, "returnPartialSuccess") { Permission = "gkehub.features.get" },
            new GoogleRoute("features.create", "POST", $"{Location}/features", Once(_features.Create), body, "featureId", "requestId")
            {
                Permission = "gkehub.features.create",
                IdParameter = "featureId",
            },
            new GoogleRoute("features.patch", "PATCH", Path, Once(_features.Patch), body, "updateMask", "requestId") { Permission = "gkehub.features.update" },
            new GoogleRoute("features.delete", "DELETE", Path, Once(_features.Delete), null, "force", "requestId") { Permission = "gkehub.features.delete" },
        ];
    }

    private Answer List(GoogleRequest request)
    {
        var (location, passes) = (request.Part("location"), Filter.Read(request.Query("filter")));
        var found = _memberships.In(request.Project)
            .Where(membership => location == "-" || membership.Location == location)
            .Select(membership => membership.Show())
            .Where(passes);
        return Page.Of(request, "resources", found, defaultSize: int.MaxValue - 1, maxSize: int.MaxValue - 1);
    }

    private Answer Create(GoogleRequest request)
    {
        var (id, location) = (request.Query("membershipId"), request.Part("location"));
        MembershipForm.CheckName(id, location);
        return Once(each => _memberships.Create(each, location, id ?? ""))(request);
    }

    // A repetition answers its operation, even when what it was about is gone.
    private Func<GoogleRequest, Answer> Once(Func<GoogleRequest, Operation> begin) =>
        request => new Answer(200, _operations.Show(_memory.Once(request, () => begin(request))));

    private Membership Find(GoogleRequest request) => _memberships.Find(request.Name) ?? throw new GoogleFailure(GoogleErrors.NotFound(request.Name));
}
