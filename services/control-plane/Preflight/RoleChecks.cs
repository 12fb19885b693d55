using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.WebhookFirewall;
using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.GoogleCloud.ResourceManager;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Calls;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>
/// Whether the service may do what the rollout's roles are for: by permission, so that it doesn't matter which role, group or
/// folder it has them by.
/// </summary>
internal sealed class RoleChecks(ResourceManagerApi projects, ScopeReads reads)
{
    private const string FirewallRole = "roles/compute.securityAdmin";

    public async Task<IReadOnlyList<PreflightCheck>> RunAsync(
        PreflightRequest request, ClusterNetwork? network, CancellationToken cancellationToken)
    {
        var needed = request.Facts.Roles.SelectMany(project => project.Roles.Select(role => (project.Project, Role: role)));
        if (network is not null && request.Facts.Ahead.Contains("webhook-firewall"))
        {
            needed = needed.Append((network.Project, FirewallRole));
        }

        var checks = new List<PreflightCheck>();
        foreach (var project in needed.Distinct().GroupBy(pair => pair.Project, pair => pair.Role, StringComparer.Ordinal))
        {
            checks.Add(await ProjectAsync(request.Facts, project.Key, [.. project], cancellationToken));
        }

        return checks;
    }

    private async Task<PreflightCheck> ProjectAsync(
        PreflightFacts facts, string project, IReadOnlyList<string> roles, CancellationToken cancellationToken)
    {
        var wanted = roles.SelectMany(RolePermissions.Of).Order(StringComparer.Ordinal).ToList();
        var key = $"permissions/{project}/{string.Join(",", wanted)}";
        var held = await reads.GetAsync(
            key,
            token => projects.TestPermissionsAsync(project, wanted, token),
            isLasting: held => !wanted.Except(held).Any(),
            cancellationToken);
        var missing = roles
            .Select(role => (Role: role, Permissions: RolePermissions.Of(role).Except(held).ToList()))
            .Where(role => role.Permissions.Count > 0)
            .ToList();
        if (missing.Count == 0)
        {
            return Checks.Roles.Pass($"The service may do on {project} what the rollout needs.");
        }

        var message = $"The service lacks permissions on {project}: {string.Join("; ", missing.Select(role => $"{string.Join(", ", role.Permissions)} ({role.Role})"))}.";
        return facts.Ahead.Contains(Ahead.Roles)
            ? Checks.RolesMissing.Unknown(message, Ahead.Roles)
            : Checks.RolesMissing.Refuse(message);
    }
}
