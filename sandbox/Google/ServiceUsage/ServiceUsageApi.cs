using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.ServiceUsage;

/// <summary>Service Usage: which APIs are enabled.</summary>
internal sealed class ServiceUsageApi : IGoogleApi, IWorldPart
{
    private const int MaxNames = 30;
    private const int MaxPage = 200;
    private const string Type = "type.googleapis.com/google.api.serviceusage.v1.";
    private readonly Projects _projects;
    private readonly ServiceChanges _changes;

    public ServiceUsageApi(Projects projects, ServiceChanges changes)
    {
        (_projects, _changes) = (projects, changes);
        var schemas = ApiSchemas.Of(Name);
        const string Services = "v1/projects/{project}/services";
        Routes =
        [
            new GoogleRoute("services.batchGet", "GET", $"{Services}:batchGet", BatchGet, null, "names") { Permission = "serviceusage.services.get" },
            new GoogleRoute("services.list", "GET", Services, List, null, "filter", "pageSize", "pageToken") { Permission = "serviceusage.services.list" },
            new GoogleRoute("services.get", "GET", $"{Services}/{{service}}", Get) { Permission = "serviceusage.services.get" },
            new GoogleRoute("services.enable", "POST", $"{Services}/{{service}}:enable", Enable, schemas.Message("EnableServiceRequest"))
            {
                Permission = "serviceusage.services.enable",
            },
            new GoogleRoute("services.batchEnable", "POST", $"{Services}:batchEnable", BatchEnable, schemas.Message("BatchEnableServicesRequest"))
            {
                Permission = "serviceusage.services.enable",
            },
            new GoogleRoute("services.disable", "POST", $"{Services}/{{service}}:disable", Disable, schemas.Message("DisableServiceRequest"))
            {
                Permission = "serviceusage.services.disable",
            },
            new GoogleRoute(
                "services.generateServiceIdentity", "POST", "v1beta1/projects/{project}/services/{service}:generateServiceIdentity", GenerateIdentity)
            {
                Permission = "serviceusage.services.enable",
            },
            new GoogleRoute("operations.get", "GET", "v1/operations/{operation}", GetOperation),
            new GoogleRoute("operations.get", "GET", "v1beta1/operations/{operation}", GetOperation),
        ];
    }

    public string Name => "serviceusage";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    // Otherwise nobody could enable it.
    public bool IsAlwaysOn => true;

    public Answer Denied(GoogleRequest request, string permission)
    {
        var verb = permission[(permission.LastIndexOf('.') + 1)..];
        var service = request.Path.Groups["service"].Success ? $"service [{request.Part("service")}]" : "services";
        return GoogleErrors.Of(
            "PERMISSION_DENIED",
            $"Permission denied to {verb} {service}",
            GoogleErrors.PreconditionFailure("googleapis.com", $"?error_code=110002&service=servicemanagement.googleapis.com&permission={permission}&resource={request.Project.Id}"),
            GoogleErrors.ErrorInfo("AUTH_PERMISSION_DENIED", "serviceusage.googleapis.com", new JsonObject
            {
                ["permission"] = permission,
                ["resource"] = request.Project.Id,
                ["service"] = "servicemanagement.googleapis.com",
            }));
    }

    public IEnumerable<KeyValuePair<string, JsonNode>> Resources() =>
        from project in _projects.All
        from api in project.Services.Keys
        select KeyValuePair.Create<string, JsonNode>($"//serviceusage.googleapis.com/{project.RelativeName}/services/{ServiceNames.Long(api)}", Show(project, api));

    internal static JsonObject Show(ProjectState project, string api) => new()
    {
        ["name"] = $"projects/{project.NumberText}/services/{ServiceNames.Long(api)}",
        ["config"] = new JsonObject { ["name"] = ServiceNames.Long(api), ["title"] = ServiceTitles.Of(api) },
        ["state"] = project.Services.ContainsKey(api) ? "ENABLED" : "DISABLED",
        ["parent"] = $"projects/{project.NumberText}",
    };

    private static Answer Get(GoogleRequest request) => new(200, Show(request.Project, ServiceNames.Read(request.Part("service"))));

    private Answer BatchGet(GoogleRequest request)
    {
        var names = request.Request.Query["names"];
        if (names.Count is 0 or > MaxNames)
        {
            return GoogleErrors.Invalid("names", $"The request must have 1 to {MaxNames} names.");
        }

        var services = names.Select(name => name?.Split('/') is ["projects", var parent, "services", var service] && _projects.Find(parent) == request.Project
            ? Show(request.Project, ServiceNames.Read(service))
            : throw new GoogleFailure(GoogleErrors.Invalid("names", $"Invalid name: {name}")));
        return new Answer(200, new JsonObject { ["services"] = new JsonArray([.. services]) });
    }

    private static Answer List(GoogleRequest request)
    {
        var wanted = request.Query("filter") switch
        {
            null or "" => null,
            "state:ENABLED" => "ENABLED",
            "state:DISABLED" => "DISABLED",
            var other => throw new GoogleFailure(GoogleErrors.Invalid("filter", $"Invalid filter: {other}. It must be state:ENABLED or state:DISABLED.")),
        };
        var services = ServiceTitles.All
            .Union(request.Project.Services.Keys)
            .Select(api => Show(request.Project, api))
            .Where(service => wanted is null || service["state"]?.GetValue<string>() == wanted);
        return Page.Of(request, "services", services, defaultSize: 50, MaxPage);
    }

    private Answer Enable(GoogleRequest request)
    {
        var api = ServiceNames.Read(request.Part("service"));
        return _changes.Enable(request, [api], () => new JsonObject
        {
            ["@type"] = $"{Type}EnableServiceResponse",
            ["service"] = Show(request.Project, api),
        });
    }

    private Answer BatchEnable(GoogleRequest request)
    {
        var apis = (request.Body["serviceIds"] as JsonArray ?? []).Select(id => ServiceNames.Read(id?.GetValue<string>() ?? "")).ToList();
        return apis.Count is 0 or > 20
            ? GoogleErrors.Invalid("service_ids", "The request must have 1 to 20 service ids.")
            : _changes.Enable(request, apis, () => new JsonObject
            {
                ["@type"] = $"{Type}BatchEnableServicesResponse",
                ["services"] = new JsonArray([.. apis.Select(api => Show(request.Project, api))]),
            });
    }

    private Answer Disable(GoogleRequest request)
    {
        var api = ServiceNames.Read(request.Part("service"));
        return _changes.Disable(request, api, () => new JsonObject
        {
            ["@type"] = $"{Type}DisableServiceResponse",
            ["service"] = Show(request.Project, api),
        });
    }

    private Answer GenerateIdentity(GoogleRequest request) =>
        _changes.MakeAgent(request, ServiceNames.Read(ServiceNames.OfHost(request.Part("service"))));

    private Answer GetOperation(GoogleRequest request) => _changes.Find(request.Part("operation"));
}
