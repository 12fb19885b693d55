using MeshWorkflow.GoogleCloud;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.MeshMembers;

/// <summary>From memberships to their clusters.</summary>
internal sealed class MemberClusters(HubApi hub)
{
    /// <exception cref="MeshException">There is no such membership, or its cluster is not on Google Cloud.</exception>
    public async Task<ClusterName> FindAsync(string membership, CancellationToken cancellationToken)
    {
        var name = MembershipName.Parse(membership) ?? throw Missing(membership);
        try
        {
            var found = await hub.GetMembershipAsync(name, cancellationToken);
            return found.Endpoint?.GkeCluster?.ResourceLink?.Split('/') is [_, _, _, "projects", var project, "locations", var location, "clusters", var cluster]
                ? new ClusterName(project, location, cluster)
                : throw new MeshException(
                    "MEMBERSHIP_ELSEWHERE",
                    $"{name} is of a cluster that is not on Google Cloud.",
                    "Name it with platform: multicloud and the kubeconfig that leads to it (--platform multicloud --kubeconfig).");
        }
        catch (GoogleCallException exception) when (exception.Status == "NOT_FOUND")
        {
            throw Missing(membership);
        }
    }

    private static MeshException Missing(string membership) =>
        new("MEMBERSHIP_NOT_FOUND", $"There is no membership {membership}.", "Check its name, and that the cluster is registered: gcloud container fleet memberships list.");
}
