using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google.Iam;

/// <summary>The service accounts of people, and those that Google's own services act as.</summary>
internal sealed class ServiceAccounts : ISavedPart
{
    // API, what its agent's address ends with, its role in its own project.
    private static readonly (string Api, string Domain, string Role)[] AgentsOfApis =
    [
        ("gkehub", "gcp-sa-gkehub", "roles/gkehub.serviceAgent"),
        ("mesh", "gcp-sa-servicemesh", "roles/anthosservicemesh.serviceAgent"),
        ("meshconfig", "gcp-sa-servicemesh", "roles/anthosservicemesh.serviceAgent"),
        ("container", "container-engine-robot", "roles/container.serviceAgent"),
        ("privateca", "gcp-sa-privateca", "roles/privateca.serviceAgent"),
    ];

    private readonly SortedDictionary<string, JsonObject> _accounts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _agents = new(StringComparer.OrdinalIgnoreCase);
    private readonly AccessControl _access;

    public ServiceAccounts(IEnumerable<WorldProject> projects, AccessControl access)
    {
        _access = access;
        foreach (var project in projects)
        {
            foreach (var account in project.ServiceAccounts)
            {
                Add(project.Id, account.Name, account.DisplayName);
                access.Of(NameOf(project.Id, EmailOf(project.Id, account.Name))).Replace(account.Policy.Select(WorldBindings.Read), atOnce: true);
            }
        }
    }

    public IEnumerable<JsonObject> All => _accounts.Values;

    public string SavedAs => "serviceAccounts";

    /// <summary>The address of the agent of an API in a project; null: it has none.</summary>
    public static string? AgentOf(string api, ProjectState project) =>
        AgentsOfApis.FirstOrDefault(agent => agent.Api == api) is { Domain: { } domain } ? $"service-{project.NumberText}@{domain}.iam.gserviceaccount.com" : null;

    public static string EmailOf(string project, string name) => $"{name}@{project}.iam.gserviceaccount.com";

    public static string NameOf(string project, string email) => $"projects/{project}/serviceAccounts/{email}";

    public static string IdOf(string email) => string.Create(
        CultureInfo.InvariantCulture, $"1{BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(email))):D20}");

    /// <summary>Whether somebody can have roles: an account, or an agent.</summary>
    public bool Exists(string email) => _agents.Contains(email) || _accounts.Values.Any(account => HasAddress(account, email));

    /// <summary>An account by its address or unique id; agents lie in Google's own projects and are not found.</summary>
    public JsonObject? Find(string id) => _accounts.Values.FirstOrDefault(account => HasAddress(account, id) || account["uniqueId"]?.GetValue<string>() == id);

    public JsonObject Add(string project, string name, string displayName)
    {
        var email = EmailOf(project, name);
        var account = new JsonObject
        {
            ["name"] = NameOf(project, email),
            ["projectId"] = project,
            ["uniqueId"] = IdOf(email),
            ["email"] = email,
            ["displayName"] = displayName,
            ["etag"] = "MDEwMjE5MjA=",
            ["oauth2ClientId"] = IdOf(email),
        };
        _accounts.Add(NameOf(project, email), account);
        return account;
    }

    public void Remove(JsonObject account)
    {
        var name = account["name"]?.GetValue<string>() ?? "";
        _accounts.Remove(name);
        _access.Forget(name);
    }

    /// <summary>Whether the agent of an API was made.</summary>
    public bool HasAgent(string email) => _agents.Contains(email);

    /// <summary>Makes the agent of an API, as enabling does, and gives it its role in its own project.</summary>
    /// <returns>The policy that changed, or null: none.</returns>
    public string? MakeAgent(string api, ProjectState project)
    {
        if (AgentOf(api, project) is not { } email)
        {
            return null;
        }

        var isNew = _agents.Add(email);
        var role = AgentsOfApis.First(agent => agent.Api == api).Role;
        return isNew && _access.Of(project.RelativeName).Grant(role, $"serviceAccount:{email}")
            ? $"updated //cloudresourcemanager.googleapis.com/{project.RelativeName}/iamPolicy"
            : null;
    }

    public JsonNode Save() => SavedJson.Write(new SavedAccounts(_accounts, _agents));

    public Action Read(JsonNode saved)
    {
        var state = SavedJson.Read<SavedAccounts>(saved);
        return () =>
        {
            _accounts.Clear();
            foreach (var (name, account) in state.Accounts)
            {
                _accounts.Add(name, account);
            }

            _agents.Clear();
            _agents.UnionWith(state.Agents);
        };
    }

    private static bool HasAddress(JsonObject account, string email) =>
        string.Equals(account["email"]?.GetValue<string>(), email, StringComparison.OrdinalIgnoreCase);

    private sealed record SavedAccounts(IReadOnlyDictionary<string, JsonObject> Accounts, IReadOnlyCollection<string> Agents);
}
