using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>Decides who may do what: by Google's roles or by the cluster's own.</summary>
internal sealed class Authorizer(ObjectStore store)
{
    private readonly Rbac _rbac = new(store);

    /// <summary>What Google's roles allow. Until somebody says better, all of Google's principals are administrators.</summary>
    public GoogleAccess Google { get; set; } = (_, _) => true;

    public Rbac Rbac => _rbac;

    public bool Allows(Caller caller, AccessWish wish) =>
        caller.Groups.Contains("system:masters") || IsOpen(caller, wish)
        || (caller.GooglePrincipal.Length > 0 && Google(caller.GooglePrincipal, GkePermissions.Of(wish)))
        || _rbac.Allows(caller, wish);

    /// <exception cref="KubeFailure">The caller may not.</exception>
    public void Check(Caller caller, AccessWish wish)
    {
        if (!Allows(caller, wish))
        {
            throw Refuse(caller, wish);
        }
    }

    // What the roles system:discovery, system:public-info-viewer and system:basic-user give to everybody.
    private static bool IsOpen(Caller caller, AccessWish wish)
    {
        var isKnown = caller.Groups.Contains("system:authenticated");
        if (wish.Path.Length > 0)
        {
            return wish.Verb == "get" && (wish.Path is "/healthz" or "/livez" or "/readyz" or "/version" or "/version/"
                || (isKnown && (wish.Path is "/" or "" || wish.Path.Split('/')[1] is "api" or "apis" or "openapi")));
        }

        return isKnown && wish.Verb == "create" && (wish.Group, wish.Resource) is
            ("authorization.k8s.io", "selfsubjectaccessreviews" or "selfsubjectrulesreviews") or ("authentication.k8s.io", "selfsubjectreviews");
    }

    private static KubeFailure Refuse(Caller caller, AccessWish wish)
    {
        var user = $"User \"{caller.Name}\" cannot";
        if (wish.Path.Length > 0)
        {
            return new KubeFailure(403, "Forbidden", $"forbidden: {user} {wish.Verb} path \"{wish.Path}\"", []);
        }

        var place = wish.Namespace.Length > 0 && wish.Resource != "namespaces" ? $"in the namespace \"{wish.Namespace}\"" : "at the cluster scope";
        var google = caller.GooglePrincipal.Length > 0 ? $": requires one of [\"{GkePermissions.Of(wish)}\"] permission(s)." : "";
        var what = wish.Group.Length == 0 ? wish.Resource : $"{wish.Resource}.{wish.Group}";
        return new KubeFailure(
            403,
            "Forbidden",
            $"{what}{(wish.Name.Length > 0 ? $" \"{wish.Name}\"" : "")} is forbidden: {user} {wish.Verb} resource \"{wish.ResourceText}\" in API group \"{wish.Group}\" {place}{google}",
            Refusals.Details(wish.Group, wish.Resource, wish.Name));
    }
}
