using System.Text.RegularExpressions;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.FleetMembership;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>
/// The object in the cluster by which a fleet says that it is a member: it names the membership that owns it, in the fleet's project, and
/// the identity provider; that membership must be there. It outlives a membership that was deleted while the cluster could not be reached.
/// </summary>
internal sealed partial class MembershipObjectChecks(Memberships memberships, Projects projects)
{
    private const string Path = "apis/hub.gke.io/v1/memberships/membership";
    private const string Hub = "//gkehub.googleapis.com/";
    private const string HubProvider = "https://gkehub.googleapis.com/";

    public async Task<IEnumerable<PreflightCheck>> RunAsync(PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        if (await cluster.FindJsonAsync(Path, cancellationToken) is not { } found)
        {
            return [];
        }

        var target = request.Cluster.ToTarget();
        var fleet = await projects.GetAsync(request.Facts.FleetProject, cancellationToken);
        var owner = found.Text("spec", "owner", "id") ?? "";
        var provider = found.Text("spec", "identity_provider") ?? "";

        // GKE is its clusters' own identity provider, in their project; the hub is everybody else's, in the fleet's.
        string?[] places = [ProjectOf(owner), provider.StartsWith(HubProvider, StringComparison.Ordinal) ? ProjectOf(provider) : null];
        if (places.FirstOrDefault(project => project is not null && project != fleet.ProjectId && project != fleet.ProjectNumber) is { } other)
        {
            return [Checks.MembershipObjectOfOtherFleet.Refuse(
                $"The object memberships.hub.gke.io/membership in {target} says that it is in the fleet of {other}, not of {request.Facts.FleetProject}: "
                + $"owner {owner}, identity provider {provider}.")];
        }

        if (provider.Length == 0)
        {
            return [Checks.MembershipWithoutIdentity.Missing(
                request.Facts, "fleet-membership", $"{target} is a member of the fleet of {request.Facts.FleetProject} without workload identity of the fleet.")];
        }

        // The list is a while old: what it doesn't have may have been made since.
        var here = await memberships.ListAsync(request.Facts.FleetProject, cancellationToken);
        return here.Unreachable is { Count: > 0 }
            || here.Resources?.Any(one => IsSame($"{Hub}{one.Name}", owner, fleet)) is true
            || (MembershipName.Parse(owner) is { } name && await memberships.FindAsync(name, cancellationToken) is not null)
            ? [Checks.MembershipObject.Pass($"The object memberships.hub.gke.io/membership in {target} is of its membership.")]
            : [Checks.MembershipObjectStale.Refuse($"The object memberships.hub.gke.io/membership in {target} is of {owner}, and the fleet has no such membership.")];
    }

    // A project stands there by its id or by its number.
    private static bool IsSame(string membership, string owner, Project fleet) =>
        membership == owner || membership == owner.Replace($"/projects/{fleet.ProjectNumber}/", $"/projects/{fleet.ProjectId}/", StringComparison.Ordinal);

    private static string? ProjectOf(string address) => InProject().Match(address) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("/projects/([^/]+)/")]
    private static partial Regex InProject();
}
