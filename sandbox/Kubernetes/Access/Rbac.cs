using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>Says what callers may do by the roles that are bound to them.</summary>
internal sealed class Rbac(ObjectStore store)
{
    private static readonly ResourceKind Roles = BuiltinKinds.Find("rbac.authorization.k8s.io", "roles");
    private static readonly ResourceKind ClusterRoles = BuiltinKinds.Find("rbac.authorization.k8s.io", "clusterroles");
    private static readonly ResourceKind RoleBindings = BuiltinKinds.Find("rbac.authorization.k8s.io", "rolebindings");
    private static readonly ResourceKind ClusterRoleBindings = BuiltinKinds.Find("rbac.authorization.k8s.io", "clusterrolebindings");

    public bool Allows(Caller caller, AccessWish wish) => RulesOf(caller, wish.Namespace).Any(rule => Fits(rule, wish));

    /// <summary>The rules that a caller has everywhere and in a namespace.</summary>
    public IEnumerable<JsonObject> RulesOf(Caller caller, string ns)
    {
        var everywhere = store.List(ClusterRoleBindings).Where(binding => IsBound(binding, caller)).SelectMany(binding => Rules(binding, ""));
        return ns.Length == 0
            ? everywhere
            : everywhere.Concat(store.List(RoleBindings, ns).Where(binding => IsBound(binding, caller)).SelectMany(binding => Rules(binding, ns)));
    }

    private IEnumerable<JsonObject> Rules(JsonObject binding, string ns)
    {
        var reference = binding.Object("roleRef");
        var role = reference.Text("kind") == "Role"
            ? store.Find(Roles, ns, reference.Text("name"))
            : store.Find(ClusterRoles, "", reference.Text("name"));
        return role.Objects("rules");
    }

    private static bool IsBound(JsonObject binding, Caller caller) => binding.Objects("subjects").Any(subject => subject.Text("kind") switch
    {
        "User" => subject.Text("name") == caller.Name,
        "Group" => caller.Groups.Contains(subject.Text("name")),
        "ServiceAccount" => caller.Name == $"system:serviceaccount:{Home(binding, subject)}:{subject.Text("name")}",
        _ => false,
    });

    private static string Home(JsonObject binding, JsonObject subject) =>
        subject.Text("namespace") is { Length: > 0 } ns ? ns : binding.Namespace();

    private static bool Fits(JsonObject rule, AccessWish wish)
    {
        if (!Has(rule, "verbs", wish.Verb))
        {
            return false;
        }

        if (wish.Path.Length > 0)
        {
            return rule.Texts("nonResourceURLs").Any(url =>
                url == "*" || url == wish.Path || (url.EndsWith('*') && wish.Path.StartsWith(url[..^1], StringComparison.Ordinal)));
        }

        var names = rule.Texts("resourceNames").ToList();
        return Has(rule, "apiGroups", wish.Group)
            && (Has(rule, "resources", wish.ResourceText)
                || (wish.Subresource.Length > 0 && rule.Texts("resources").Contains($"*/{wish.Subresource}")))
            && (names.Count == 0 || names.Contains(wish.Name));
    }

    private static bool Has(JsonObject rule, string field, string value) => rule.Texts(field).Any(found => found == "*" || found == value);
}
