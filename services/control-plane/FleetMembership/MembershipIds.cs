using System.Security.Cryptography;
using System.Text;
using MeshWorkflow.GoogleCloud;
using MeshWorkflow.GoogleCloud.Hub;

namespace MeshWorkflow.ControlPlane.FleetMembership;

/// <summary>What a cluster's membership is called: as the cluster, or longer where another has that name already.</summary>
internal static class MembershipIds
{
    private const int MaxLength = 63;
    private const int StemLength = 54;

    public static string Choose(ClusterName cluster, IEnumerable<Membership> fleet)
    {
        var taken = fleet.Select(membership => MembershipName.Parse(membership.Name ?? "")?.Id).ToHashSet();
        string[] candidates = [cluster.Name, $"{cluster.Name}-{cluster.Project}-{cluster.Location}"];
        return candidates.FirstOrDefault(id => id.Length <= MaxLength && !taken.Contains(id)) ?? Hashed(cluster);
    }

    private static string Hashed(ClusterName cluster)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cluster.RelativeName)))[..8];
        return $"{(cluster.Name.Length > StemLength ? cluster.Name[..StemLength] : cluster.Name)}-{hash}";
    }
}
