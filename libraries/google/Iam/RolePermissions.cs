namespace MeshWorkflow.GoogleCloud.Iam;

/// <summary>What each role is for here: the permissions that our calls need of it. A role whose permissions are there already, wherever from, is not needed.</summary>
public static class RolePermissions
{
    /// <summary>Reads projects' policies, and changes them.</summary>
    public static IReadOnlyList<string> OfPolicies { get; } =
        ["resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"];

    private static readonly Dictionary<string, IReadOnlyList<string>> ByRole = new(StringComparer.Ordinal)
    {
        ["roles/container.admin"] =
            ["container.clusters.get", "container.clusters.list", "container.clusters.update", "container.operations.get", "container.operations.list"],
        ["roles/gkehub.admin"] =
        [
            "gkehub.memberships.get", "gkehub.memberships.list", "gkehub.memberships.create", "gkehub.memberships.update",
            "gkehub.memberships.delete", "gkehub.operations.get",
        ],
        ["roles/gkehub.gatewayAdmin"] =
        [
            "gkehub.gateway.generateCredentials", "gkehub.gateway.get", "gkehub.gateway.post", "gkehub.gateway.put", "gkehub.gateway.patch",
            "gkehub.gateway.delete",
        ],
        ["roles/meshconfig.admin"] = ["meshconfig.projects.init"],
        ["roles/resourcemanager.projectIamAdmin"] = OfPolicies,
        ["roles/iam.serviceAccountAdmin"] = ["iam.serviceAccounts.get"],
        ["roles/servicemanagement.admin"] = ["servicemanagement.services.bind"],
        ["roles/serviceusage.serviceUsageAdmin"] =
            ["serviceusage.services.enable", "serviceusage.services.disable", "serviceusage.services.get", "serviceusage.services.list"],
        ["roles/privateca.admin"] =
        [
            "privateca.caPools.get", "privateca.caPools.update", "privateca.caPools.getIamPolicy", "privateca.caPools.setIamPolicy",
            "privateca.certificateAuthorities.list", "privateca.certificateTemplates.get", "privateca.certificateTemplates.getIamPolicy",
            "privateca.certificateTemplates.setIamPolicy", "privateca.operations.get", "privateca.operations.list",
        ],
        ["roles/compute.securityAdmin"] =
        [
            "compute.firewalls.list", "compute.firewalls.get", "compute.firewalls.create", "compute.firewalls.delete",
            "compute.networks.updatePolicy", "compute.globalOperations.get", "compute.globalOperations.list",
        ],
    };

    /// <summary>The permissions that our calls need of a role.</summary>
    /// <param name="role">The role.</param>
    /// <returns>The permissions; none: the role is not one of those that are known here.</returns>
    public static IReadOnlyList<string> Of(string role) => ByRole.GetValueOrDefault(role, []);
}
