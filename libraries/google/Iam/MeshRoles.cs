namespace MeshWorkflow.GoogleCloud.Iam;

/// <summary>The roles that an install works with, per project, as the installation guide lists them.</summary>
public static class MeshRoles
{
    /// <summary>The roles for one cluster project and the fleet's project.</summary>
    /// <param name="clusterProject">The clusters' project.</param>
    /// <param name="fleetProject">The fleet's project; may be the same.</param>
    /// <param name="usesCaService">Whether CA Service signs.</param>
    /// <returns>Project and role, each pair once.</returns>
    public static IReadOnlyList<(string Project, string Role)> For(string clusterProject, string fleetProject, bool usesCaService)
    {
        (string Project, string Role)[] needed =
        [
            (fleetProject, "roles/gkehub.admin"),
            (clusterProject, "roles/container.admin"),
            (fleetProject, "roles/container.admin"),
            (clusterProject, "roles/meshconfig.admin"),
            (fleetProject, "roles/meshconfig.admin"),
            (clusterProject, "roles/resourcemanager.projectIamAdmin"),
            (fleetProject, "roles/iam.serviceAccountAdmin"),
            (fleetProject, "roles/servicemanagement.admin"),
            (fleetProject, "roles/serviceusage.serviceUsageAdmin"),

            // The guide leaves it out, and asmcli enables the mesh's API in the cluster project all the same.
            (clusterProject, "roles/serviceusage.serviceUsageAdmin"),
            .. usesCaService ? new[] { (fleetProject, "roles/privateca.admin") } : [],
        ];
        return [.. needed.Distinct()];
    }
}
