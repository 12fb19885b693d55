using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.ResourceManager;

/// <summary>Cloud Resource Manager: projects.</summary>
internal sealed class ResourceManagerApi : IGoogleApi
{
    private const string Made = "2025-03-04T05:06:07.891Z";
    private readonly Projects _projects;

    public ResourceManagerApi(Projects projects)
    {
        _projects = projects;
        Routes =
        [
            new GoogleRoute("projects.get", "GET", "v1/projects/{project}", request => Get(request, V1)) { Resource = (match, _) => NameOf(match.Groups["project"].Value) },
            new GoogleRoute("projects.get", "GET", "v3/projects/{project}", request => Get(request, V3)) { Resource = (match, _) => NameOf(match.Groups["project"].Value) },
        ];
    }

    public string Name => "cloudresourcemanager";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    private static string NameOf(string project) => $"//cloudresourcemanager.googleapis.com/projects/{project}";

    // A project that isn't there is not told from one that the caller may not see.
    private Answer Get(GoogleRequest request, Func<Google.Projects.ProjectState, JsonObject> show) =>
        _projects.Find(request.Part("project")) is { } found ? new Answer(200, show(found)) : GoogleErrors.NoPermission();

    private static JsonObject V1(Google.Projects.ProjectState project) => new()
    {
        ["projectNumber"] = project.NumberText,
        ["projectId"] = project.Id,
        ["lifecycleState"] = "ACTIVE",
        ["name"] = project.Name,
        ["createTime"] = Made,
        ["parent"] = new JsonObject { ["type"] = "folder", ["id"] = "555000555000" },
    };

    private static JsonObject V3(Google.Projects.ProjectState project) => new()
    {
        ["name"] = $"projects/{project.NumberText}",
        ["parent"] = "folders/555000555000",
        ["projectId"] = project.Id,
        ["state"] = "ACTIVE",
        ["displayName"] = project.Name,
        ["createTime"] = Made,
        ["updateTime"] = Made,
        ["etag"] = "W/\"0a1b2c3d4e5f6071\"",
    };
}
