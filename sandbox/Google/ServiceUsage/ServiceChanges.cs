using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Iam;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.ServiceUsage;

/// <summary>Enables and disables APIs.</summary>
internal sealed class ServiceChanges(Operations operations, ServiceAccounts accounts, TimeProvider time)
{
    private const string Prefix = "operations/";
    private const string Done = $"{Prefix}noop.DONE_OPERATION";

    // Which API needs which: enabling brings those along, and they can't be disabled under it.
    private static readonly Dictionary<string, string[]> Needs = new(StringComparer.Ordinal)
    {
        ["container"] = ["compute"],
        ["mesh"] =
        [
            "compute", "connectgateway", "container", "gkehub", "meshca", "meshconfig", "monitoring", "networksecurity", "networkservices", "opsconfigmonitoring",
            "stackdriver", "trafficdirector",
        ],
    };

    private static readonly string[] Billed = ["compute", "container", "mesh", "privateca"];

    public Answer Enable(GoogleRequest request, IReadOnlyList<string> apis, Func<JsonObject> response)
    {
        var project = request.Project;
        var all = apis.Concat(apis.SelectMany(api => Needs.GetValueOrDefault(api, []))).Distinct().ToList();
        if (all.All(project.Services.ContainsKey))
        {
            return new Answer(200, new JsonObject { ["name"] = Done, ["done"] = true, ["response"] = response() });
        }

        var operation = Begin(request, apis.Count == 1 ? "acat.p2" : "acf.p2", apis, effects =>
        {
            if (!project.Billing && all.Where(Billed.Contains).ToList() is { Count: > 0 } billed)
            {
                return NoBilling(project, billed);
            }

            foreach (var api in all.Where(api => project.Services.TryAdd(api, time.GetUtcNow())))
            {
                effects.Add($"updated {ResourceOf(project, api)}");
                if (accounts.MakeAgent(api, project) is { } changed)
                {
                    effects.Add(changed);
                }
            }

            return new OperationEnd(response());
        });
        return new Answer(200, new JsonObject { ["name"] = operation.Name });
    }

    public Answer Disable(GoogleRequest request, string api, Func<JsonObject> response)
    {
        var project = request.Project;
        if (!project.Services.ContainsKey(api))
        {
            return new Answer(200, new JsonObject { ["name"] = Done, ["done"] = true, ["response"] = response() });
        }

        var dependents = Dependents(project, api);
        if (dependents.Count > 0 && request.Body["disableDependentServices"]?.GetValue<bool>() != true)
        {
            return HasDependents(api, dependents);
        }

        if (request.Body["checkIfServiceHasUsage"]?.GetValue<string>() == "CHECK"
            && new[] { api }.Concat(dependents).Where(project.UsedServices.Contains).ToList() is { Count: > 0 } used)
        {
            return HasUsage(used);
        }

        var operation = Begin(request, "acat.p17", [api], effects =>
        {
            foreach (var gone in new[] { api }.Concat(dependents).Where(project.Services.Remove))
            {
                effects.Add($"updated {ResourceOf(project, gone)}");
            }

            return new OperationEnd(response());
        });
        return new Answer(200, new JsonObject { ["name"] = operation.Name });
    }

    /// <summary>Makes the agent of an API and tells its address.</summary>
    public Answer MakeAgent(GoogleRequest request, string api)
    {
        if (ServiceAccounts.AgentOf(api, request.Project) is not { } email)
        {
            return GoogleErrors.Of("INVALID_ARGUMENT", $"Service {ServiceNames.Long(api)} has no service identity.");
        }

        var identity = new JsonObject
        {
            ["@type"] = "type.googleapis.com/google.api.serviceusage.v1beta1.ServiceIdentity",
            ["email"] = email,
            ["uniqueId"] = ServiceAccounts.IdOf(email),
        };
        if (accounts.HasAgent(email))
        {
            return new Answer(200, new JsonObject { ["name"] = Done, ["done"] = true, ["response"] = identity });
        }

        var operation = Begin(request, "finished.DONE_OPERATION", [api], effects =>
        {
            if (accounts.MakeAgent(api, request.Project) is { } changed)
            {
                effects.Add(changed);
            }

            return new OperationEnd(identity);
        });
        return new Answer(200, new JsonObject { ["name"] = operation.Name });
    }

    public Answer Find(string id)
    {
        if (operations.Find(Prefix + id) is not { } operation)
        {
            return GoogleErrors.Of("NOT_FOUND", $"Operation not found: {Prefix}{id}");
        }

        var shown = new JsonObject
        {
            ["name"] = operation.Name,
            ["metadata"] = new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.api.serviceusage.v1.OperationMetadata",
                ["resourceNames"] = new JsonArray([.. operation.Start.Resources.Select(api => JsonValue.Create($"services/{ServiceNames.Long(api)}"))]),
            },
        };
        return new Answer(200, operation.ShowEnd(shown, showRunning: false));
    }

    private Operation Begin(GoogleRequest request, string kind, IReadOnlyList<string> apis, Func<List<string>, OperationEnd> end) => operations.Begin(
        request.Call,
        new OperationStart(Prefix, $"{kind}-{request.Project.NumberText}-{RandomIds.Uuid()}", ResourceOf(request.Project, apis[0]), "enable") { Resources = apis },
        end);

    private static List<string> Dependents(ProjectState project, string api) =>
        [.. Needs.Where(need => need.Value.Contains(api) && project.Services.ContainsKey(need.Key)).Select(need => need.Key).Order(StringComparer.Ordinal)];

    private static OperationEnd NoBilling(ProjectState project, List<string> billed) => new(
        Code: "FAILED_PRECONDITION",
        Message: $"Billing account for project '{project.NumberText}' is not found. Billing must be enabled for activation of service(s) '{string.Join(',', billed.Select(ServiceNames.Long))}' to proceed.",
        Details: GoogleErrors.PreconditionFailure("serviceusage/billing-enabled", project.NumberText, "billing-enabled"));

    private static Answer HasDependents(string api, List<string> dependents)
    {
        var names = string.Join(',', dependents.Select(ServiceNames.Long));
        return GoogleErrors.Of(
            "FAILED_PRECONDITION",
            $"The service {ServiceNames.Long(api)} is depended on by the following active service: {names}; Please specify disable_dependent_services=true if you want to proceed with disabling all services.",
            GoogleErrors.PreconditionFailure("googleapis.com", $"?error_code=100001&service_name={ServiceNames.Long(api)}&services={names}"),
            GoogleErrors.ErrorInfo(
                "COMMON_SU_SERVICE_HAS_DEPENDENT_SERVICES",
                "serviceusage.googleapis.com",
                new JsonObject { ["service_name"] = ServiceNames.Long(api), ["services"] = names }));
    }

    private static Answer HasUsage(List<string> used)
    {
        var names = string.Join(',', used.Select(ServiceNames.Long));
        return GoogleErrors.Of(
            "FAILED_PRECONDITION",
            $"The service(s) {names} has been used within the last 30 days or was recently enabled. Please specify check_if_service_has_usage=SKIP if you want to proceed with disabling the service.",
            GoogleErrors.PreconditionFailure("googleapis.com", $"?error_code=100002&services={names}"),
            GoogleErrors.ErrorInfo("COMMON_SU_SERVICE_HAS_USAGE", "serviceusage.googleapis.com", new JsonObject { ["services"] = names }));
    }

    private static string ResourceOf(ProjectState project, string api) =>
        $"//serviceusage.googleapis.com/{project.RelativeName}/services/{ServiceNames.Long(api)}";
}
