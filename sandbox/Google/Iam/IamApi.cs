using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Iam;

/// <summary>IAM: service accounts, their policies, and the predefined roles.</summary>
internal sealed partial class IamApi : IGoogleApi, IWorldPart
{
    private readonly ServiceAccounts _accounts;
    private readonly AccessControl _access;
    private readonly PolicyWrites _writes;

    public IamApi(ServiceAccounts accounts, AccessControl access, PolicyWrites writes)
    {
        (_accounts, _access, _writes) = (accounts, access, writes);
        var schemas = ApiSchemas.Of(Name);
        const string Accounts = "v1/projects/{project}/serviceAccounts";
        const string Account = $"{Accounts}/{{account}}";
        Routes =
        [
            new GoogleRoute("serviceAccounts.list", "GET", Accounts, List, null, "pageSize", "pageToken") { Permission = "iam.serviceAccounts.list" },
            new GoogleRoute("serviceAccounts.create", "POST", Accounts, Create, schemas.Message("CreateServiceAccountRequest")) { Permission = "iam.serviceAccounts.create" },
            new GoogleRoute("serviceAccounts.get", "GET", Account, request => new Answer(200, Find(request, "iam.serviceAccounts.get").DeepClone())),
            new GoogleRoute("serviceAccounts.delete", "DELETE", Account, Delete),
            new GoogleRoute(
                "serviceAccounts.getIamPolicy",
                "POST",
                $"{Account}:getIamPolicy",
                request => new Answer(200, PolicyOf(request, "iam.serviceAccounts.getIamPolicy").Show(
                    PolicyWrites.Version(request.Query("options.requestedPolicyVersion") is { } wanted ? JsonValue.Create(wanted) : null))),
                null,
                "options.requestedPolicyVersion"),
            new GoogleRoute("serviceAccounts.setIamPolicy", "POST", $"{Account}:setIamPolicy", SetIamPolicy, schemas.Message("SetIamPolicyRequest")),
            new GoogleRoute(
                "serviceAccounts.testIamPermissions", "POST", $"{Account}:testIamPermissions", TestIamPermissions, schemas.Message("TestIamPermissionsRequest")),
            new GoogleRoute("roles.list", "GET", "v1/roles", ListRoles, null, "pageSize", "pageToken", "view", "parent", "showDeleted"),
            new GoogleRoute("roles.get", "GET", "v1/roles/{role}", GetRole),
        ];
    }

    public string Name => "iam";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    public Answer Denied(GoogleRequest request, string permission) => DeniedOf(permission);

    public IEnumerable<KeyValuePair<string, JsonNode>> Resources()
    {
        foreach (var account in _accounts.All)
        {
            var name = NameOf(account);
            yield return new($"//iam.googleapis.com/{name}", account);
            if (_access.Of(name) is { Bindings.Count: > 0 } policy)
            {
                yield return new($"//iam.googleapis.com/{name}/iamPolicy", policy.Show(version: 3));
            }
        }
    }

    internal static Answer DeniedOf(string permission) => GoogleErrors.Of(
        "PERMISSION_DENIED",
        $"Permission '{permission}' denied on resource (or it may not exist).",
        GoogleErrors.ErrorInfo("IAM_PERMISSION_DENIED", "iam.googleapis.com", new JsonObject { ["permission"] = permission }));

    private Answer List(GoogleRequest request) => Page.Of(
        request,
        "accounts",
        _accounts.All.Where(account => account["projectId"]?.GetValue<string>() == request.Project.Id).Select(account => (JsonObject)account.DeepClone()),
        defaultSize: 20,
        maxSize: 100);

    private Answer Create(GoogleRequest request)
    {
        var id = request.Body["accountId"]?.GetValue<string>() ?? "";
        if (!Id().IsMatch(id))
        {
            return GoogleErrors.Invalid("account_id", "Service account ID must be between 6 and 30 lower-case letters, digits and hyphens.");
        }

        var email = ServiceAccounts.EmailOf(request.Project.Id, id);
        if (_accounts.Exists(email))
        {
            return GoogleErrors.Of("ALREADY_EXISTS", $"Service account {id} already exists within project {request.Project.RelativeName}.");
        }

        var made = _accounts.Add(request.Project.Id, id, request.Body["serviceAccount"]?["displayName"]?.GetValue<string>() ?? "");
        request.Call.Effects.Add($"created //iam.googleapis.com/{NameOf(made)}");
        return new Answer(200, made.DeepClone());
    }

    private Answer Delete(GoogleRequest request)
    {
        var account = Find(request, "iam.serviceAccounts.delete");
        _accounts.Remove(account);
        request.Call.Effects.Add($"deleted //iam.googleapis.com/{NameOf(account)}");
        return new Answer(200, new JsonObject());
    }

    private Answer SetIamPolicy(GoogleRequest request)
    {
        var policy = PolicyOf(request, "iam.serviceAccounts.setIamPolicy");
        _writes.Set(policy, request.Body);
        request.Call.Effects.Add($"updated //iam.googleapis.com/{policy.Resource}/iamPolicy");
        return new Answer(200, policy.Show(version: 3));
    }

    private Answer TestIamPermissions(GoogleRequest request)
    {
        var account = _accounts.Find(request.Part("account")) ?? throw new GoogleFailure(Unknown());
        return new Answer(200, PolicyWrites.Test(request.Body, permission => _access.Has(request.Principal, permission, NameOf(account))));
    }

    private static Answer ListRoles(GoogleRequest request) => Page.Of(
        request, "roles", Roles.All.Order(StringComparer.Ordinal).Select(role => new JsonObject { ["name"] = role, ["stage"] = "GA" }), 300, 1000);

    private static Answer GetRole(GoogleRequest request)
    {
        var name = $"roles/{request.Part("role")}";
        return Roles.All.Contains(name)
            ? new Answer(200, new JsonObject { ["name"] = name, ["stage"] = "GA" })
            : GoogleErrors.Of("NOT_FOUND", $"The role named {name} was not found.");
    }

    private Policy PolicyOf(GoogleRequest request, string permission) => _access.Of(NameOf(Find(request, permission)));

    // The project may be given as "-": the address says which it is.
    private JsonObject Find(GoogleRequest request, string permission)
    {
        var account = _accounts.Find(request.Part("account"));
        if (account is null || (request.Part("project") != "-" && account["projectId"]?.GetValue<string>() != request.Project.Id))
        {
            throw new GoogleFailure(Unknown());
        }

        return _access.Has(request.Principal, permission, NameOf(account)) ? account : throw new GoogleFailure(DeniedOf(permission));
    }

    private static Answer Unknown() => GoogleErrors.Of("NOT_FOUND", "Unknown service account");

    private static string NameOf(JsonObject account) => account["name"]?.GetValue<string>() ?? "";

    [GeneratedRegex("^[a-z]([-a-z0-9]{4,28}[a-z0-9])\\z")]
    private static partial Regex Id();
}
