using k8s;
using k8s.Models;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.ClusterAdminBinding;

/// <summary>Who is administrator of a cluster, whatever makes them that.</summary>
internal static class ClusterAdmins
{
    /// <summary>What an install does to istiod, and only an administrator may.</summary>
    public static V1ResourceAttributes GivingRights { get; } =
        new() { Verb = "create", Group = "rbac.authorization.k8s.io", Resource = "clusterrolebindings" };

    /// <summary>A member as Kubernetes names it.</summary>
    /// <exception cref="MeshException">It is no member that a cluster knows: <c>MEMBER_INVALID</c>.</exception>
    public static (string Kind, string Name) Subject(string member) => member.Split(':', 2) switch
    {
        ["user" or "serviceAccount", { Length: > 0 } name] => ("User", name),
        ["group", { Length: > 0 } name] => ("Group", name),
        _ => throw new MeshException("MEMBER_INVALID", $"'{member}' is no member.", "Write it as user:…, serviceAccount:… or group:…."),
    };

    /// <summary>Asks the API server, which knows bindings and, on Google Cloud, roles of the project.</summary>
    public static async Task<bool> MayGiveRightsAsync(ClusterConnection cluster, string member, CancellationToken cancellationToken)
    {
        var (kind, name) = Subject(member);
        var review = new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = kind == "User" ? name : null,
                Groups = kind == "User" ? null : [name],
                ResourceAttributes = GivingRights,
            },
        };
        var answer = await cluster.CallAsync(client => client.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: cancellationToken));
        return answer.Status?.Allowed is true;
    }
}
