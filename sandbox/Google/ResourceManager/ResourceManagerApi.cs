using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.ResourceManager;

/// <summary>Cloud Resource Manager, v1 and v3: projects and their policies.</summary>
internal sealed class ResourceManagerApi : IGoogleApi, IWorldPart
{
    private static readonly string[] Versions = ["v1", "v3"];
    private readonly Projects _projects;
    private readonly AccessControl _access;
    private readonly PolicyWrites _writes;

    public ResourceManagerApi(Projects projects, AccessControl access, PolicyWrites writes)
    {
        (_projects, _access, _writes) = (projects, access, writes);
        var schemas = ApiSchemas.Of(Name);
        Routes = [.. Versions.SelectMany(version => new[]
        {
            Get(version),
            Policies(version, "getIamPolicy", schemas.Message("GetIamPolicyRequest"), "resourcemanager.projects.getIamPolicy", GetIamPolicy),
            Policies(version, "setIamPolicy", schemas.Message("SetIamPolicyRequest"), "resourcemanager.projects.setIamPolicy", SetIamPolicy),
            Policies(version, "testIamPermissions", schemas.Message("TestIamPermissionsRequest"), null, TestIamPermissions),
        }),
            new GoogleRoute("projects.list", "GET", "v1/projects", request => List(request, "projects", ProjectViews.V1), null, "pageSize", "pageToken", "filter"),
            new GoogleRoute("projects.search", "GET", "v3/projects:search", request => List(request, "projects", ProjectViews.V3), null, "pageSize", "pageToken", "query")];
    }

    public string Name => "cloudresourcemanager";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    // A project that isn't there is not told from one that the caller may not see.
    public Answer Denied(GoogleRequest request, string permission) => GoogleErrors.NoPermission();

    public Answer NoProject(string project) => GoogleErrors.NoPermission();

    public IEnumerable<KeyValuePair<string, JsonNode>> Resources()
    {
        foreach (var project in _projects.All)
        {
            yield return new($"//cloudresourcemanager.googleapis.com/{project.RelativeName}", ProjectViews.V1(project));
            yield return new($"//cloudresourcemanager.googleapis.com/{project.RelativeName}/iamPolicy", _access.Of(project.RelativeName).Show(version: 3));
        }
    }

    private static GoogleRoute Get(string version) => new(
        "projects.get",
        "GET",
        $"{version}/projects/{{project}}",
        request => new Answer(200, version == "v1" ? ProjectViews.V1(request.Project) : ProjectViews.V3(request.Project)))
    {
        Permission = "resourcemanager.projects.get",
    };

    private static GoogleRoute Policies(string version, string verb, Schema body, string? permission, Func<GoogleRequest, Answer> handle) =>
        new($"projects.{verb}", "POST", $"{version}/projects/{{project}}:{verb}", handle, body) { Permission = permission };

    private Answer List(GoogleRequest request, string field, Func<ProjectState, JsonObject> show) => Page.Of(
        request,
        field,
        _projects.All.Where(project => _access.Has(request.Principal, "resourcemanager.projects.get", project.RelativeName)).Select(show),
        defaultSize: 500,
        maxSize: 500);

    private Answer GetIamPolicy(GoogleRequest request) => new(200, _access.Of(request.Name).Show(
        PolicyWrites.Version(request.Body["options"]?["requestedPolicyVersion"])));

    private Answer SetIamPolicy(GoogleRequest request)
    {
        var policy = _access.Of(request.Name);
        _writes.Set(policy, request.Body);
        request.Call.Effects.Add($"updated //cloudresourcemanager.googleapis.com/{request.Name}/iamPolicy");
        return new Answer(200, policy.Show(version: 3));
    }

    private Answer TestIamPermissions(GoogleRequest request) => new(200, PolicyWrites.Test(
        request.Body, permission => _access.Has(request.Principal, permission, request.Name)));
}
