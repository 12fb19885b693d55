using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.ServiceUsage;

/// <summary>Service Usage: which APIs are enabled.</summary>
internal sealed class ServiceUsageApi : IGoogleApi
{
    private const int MaxNames = 30;
    private const string Suffix = ".googleapis.com";
    private readonly Projects _projects;

    public ServiceUsageApi(Projects projects)
    {
        _projects = projects;
        Routes =
        [
            new GoogleRoute("services.batchGet", "GET", "v1/projects/{project}/services:batchGet", BatchGet, null, "names"),
            new GoogleRoute("services.get", "GET", "v1/projects/{project}/services/{service}", Get)
            {
                Resource = (match, _) => $"//serviceusage.googleapis.com/projects/{match.Groups["project"].Value}/services/{match.Groups["service"].Value}",
            },
        ];
    }

    public string Name => "serviceusage";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    private Answer Get(GoogleRequest request) => new(200, Show(_projects.Using(request.Part("project"), Name), request.Part("service")));

    private Answer BatchGet(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        var names = request.Request.Query["names"];
        if (names.Count is 0 or > MaxNames)
        {
            throw new GoogleFailure(GoogleErrors.Of("INVALID_ARGUMENT", $"The request must have 1 to {MaxNames} names."));
        }

        var services = names.Select(name => name?.Split('/') is ["projects", var parent, "services", var service] && _projects.Find(parent) == project
            ? Show(project, service)
            : throw new GoogleFailure(GoogleErrors.Of("INVALID_ARGUMENT", $"Invalid name: {name}")));
        return new Answer(200, new JsonObject { ["services"] = new JsonArray([.. services]) });
    }

    private static JsonObject Show(Google.Projects.ProjectState project, string service)
    {
        var api = service.EndsWith(Suffix, StringComparison.Ordinal) ? service[..^Suffix.Length] : service;
        return new JsonObject
        {
            ["name"] = $"projects/{project.NumberText}/services/{service}",
            ["config"] = new JsonObject { ["name"] = service, ["title"] = Google.Projects.TitleOf(api) },
            ["state"] = project.Services.Contains(api) ? "ENABLED" : "DISABLED",
            ["parent"] = $"projects/{project.NumberText}",
        };
    }
}
