using System.Collections.Concurrent;
using MeshWorkflow.GoogleCloud.ConnectGateway;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.Steps.Clusters;

/// <summary>Where Connect Gateway has the API servers of a fleet's members. An address stays for as long as its membership does.</summary>
/// <param name="gateway">Connect Gateway.</param>
/// <param name="hub">The fleets.</param>
/// <param name="projects">The projects.</param>
public sealed class GatewayAddresses(ConnectGatewayApi gateway, HubApi hub, ResourceManagerApi projects)
{
    private readonly ConcurrentDictionary<(string Fleet, string Cluster), Uri> _known = new();

    /// <summary>Finds a member's address.</summary>
    /// <param name="fleet">The fleet's project.</param>
    /// <param name="target">The cluster.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <returns>The address.</returns>
    /// <exception cref="MeshException">The cluster is no member: <c>GATEWAY_NEEDS_MEMBERSHIP</c>.</exception>
    public async Task<Uri> OfAsync(string fleet, ClusterTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var key = (fleet, target.ResourceName);
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        var memberships = await hub.ListMembershipsAsync(fleet, cancellationToken);
        var found = memberships.Resources?
            .Where(membership => target.IsElsewhere
                ? membership.Name == target.Membership.RelativeName
                : membership.Endpoint?.GkeCluster?.ResourceLink == target.Name.ResourceName)
            .Select(membership => MembershipName.Parse(membership.Name ?? ""))
            .FirstOrDefault() ?? throw new MeshException(
                "GATEWAY_NEEDS_MEMBERSHIP",
                $"{target} is no member of the fleet of {fleet}, and Connect Gateway leads to members only.",
                "Register it first, or reach it by its endpoint or a kubeconfig.");
        var number = (await projects.GetProjectAsync(fleet, cancellationToken)).ProjectNumber;
        var answer = await gateway.GenerateCredentialsAsync(number, found, cancellationToken);
        return _known[key] = new Uri(answer.Endpoint.TrimEnd('/') + "/");
    }
}
