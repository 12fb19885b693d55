using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MeshWorkflow.GoogleCloud;
using MeshWorkflow.GoogleCloud.Compute;
using MeshWorkflow.GoogleCloud.Container;

namespace MeshWorkflow.ControlPlane.WebhookFirewall;

/// <summary>The network that a cluster is on, and what its rules say of the cluster.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Project">The network's project; under Shared VPC another than the cluster's.</param>
/// <param name="Network">Its relative name.</param>
internal sealed record ClusterNetwork(ClusterName Cluster, string Project, string Network)
{
    private const int MaxName = 20;

    /// <summary>The name of our rule.</summary>
    public string RuleName
    {
        get
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Cluster.Project}/{Cluster.Location}/{Cluster.Name}")));
            return $"meshwf-webhook-{Cluster.Name[..Math.Min(Cluster.Name.Length, MaxName)].TrimEnd('-')}-{hash[..8]}";
        }
    }

    public string RuleResource => $"//compute.googleapis.com/projects/{Project}/global/firewalls/{RuleName}";

    public static ClusterNetwork Of(ClusterName name, Cluster cluster) =>
        cluster.NetworkConfig?.Network?.Split('/') is [.., "projects", var project, "global", "networks", var network]
            ? new ClusterNetwork(name, project, $"projects/{project}/global/networks/{network}")
            : new ClusterNetwork(name, name.Project, $"projects/{name.Project}/global/networks/{cluster.Network}");

    public bool Has(Firewall rule) => rule.Network?.EndsWith(Network, StringComparison.Ordinal) is true;

    /// <summary>
    /// What the API server reaches the nodes by: GKE's own rule says it. Newer clusters have none; then the range that the cluster
    /// names, and the tag of another of GKE's rules.
    /// </summary>
    /// <returns>The reach, or null: it can't be told.</returns>
    public FirewallReach? ReachOf(Cluster cluster, IReadOnlyList<Firewall> rules)
    {
        var own = rules.Where(rule => IsOfCluster(rule, cluster)).ToList();
        if (own.FirstOrDefault(rule => rule.Name.EndsWith("-master", StringComparison.Ordinal) && rule.SourceRanges is { Count: > 0 }) is { } master)
        {
            return new FirewallReach(master.SourceRanges ?? [], master.TargetTags ?? []);
        }

        var tags = own.Select(rule => rule.TargetTags).FirstOrDefault(found => found is { Count: > 0 });
        return cluster.PrivateClusterConfig?.MasterIpv4CidrBlock is { Length: > 0 } range && tags is not null
            ? new FirewallReach([range], tags)
            : null;
    }

    // gke-CLUSTER-HASH-PURPOSE, where a long name is cut; the hash begins the cluster's id.
    private bool IsOfCluster(Firewall rule, Cluster cluster)
    {
        var match = Regex.Match(rule.Name, @"^gke-(?<name>.+)-(?<hash>[0-9a-z]{8})-(master|vms|all|inkubelet|exkubelet)\z", RegexOptions.CultureInvariant);
        return match.Success
            && (match.Groups["name"].Value == Cluster.Name
                || (cluster.Id is { Length: >= 8 } id
                    && id.StartsWith(match.Groups["hash"].Value, StringComparison.Ordinal)
                    && Cluster.Name.StartsWith(match.Groups["name"].Value, StringComparison.Ordinal)));
    }
}
