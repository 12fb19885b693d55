namespace MeshWorkflow.Sandbox.Google.Access;

/// <summary>The predefined roles that matter to a mesh, and what each grants. A star stands for any text.</summary>
internal static class Roles
{
    private const string Project = "resourcemanager.projects.get";

    private static readonly Dictionary<string, string[]> Granted = new(StringComparer.Ordinal)
    {
        ["roles/owner"] = ["*"],
        ["roles/editor"] =
        [
            Project, "*.get", "*.list", "*.create", "*.update", "*.delete", "*.use", "*.enable", "*.disable", "*.getIamPolicy",
            "compute.networks.updatePolicy", "container.*", "meshconfig.*",
        ],
        ["roles/viewer"] = [Project, "*.get", "*.list", "*.getIamPolicy", "serviceusage.services.use"],
        ["roles/browser"] = [Project, "resourcemanager.projects.list", "resourcemanager.projects.getIamPolicy"],
        ["roles/anthosservicemesh.serviceAgent"] = ["container.clusters.get", "container.*.get", "container.*.list", "gkehub.memberships.get", "gkehub.memberships.list", "meshconfig.*", Project],
        ["roles/compute.admin"] = ["compute.*", Project, "serviceusage.services.get", "serviceusage.services.list", "serviceusage.services.use"],
        ["roles/compute.networkAdmin"] = ["compute.networks.*", "compute.subnetworks.*", "compute.firewalls.get", "compute.firewalls.list", "compute.globalOperations.*", Project],
        ["roles/compute.networkUser"] = ["compute.networks.get", "compute.networks.list", "compute.networks.use", "compute.subnetworks.get", "compute.subnetworks.list", "compute.subnetworks.use"],
        ["roles/compute.networkViewer"] = ["compute.networks.get", "compute.networks.list", "compute.firewalls.get", "compute.firewalls.list", "compute.subnetworks.get", "compute.subnetworks.list"],
        ["roles/compute.securityAdmin"] =
        [
            "compute.firewalls.*", "compute.networks.get", "compute.networks.list", "compute.networks.updatePolicy",
            "compute.globalOperations.get", "compute.globalOperations.list", Project,
        ],
        ["roles/compute.viewer"] = ["compute.*.get", "compute.*.list", Project],
        ["roles/container.admin"] = ["container.*", Project, "resourcemanager.projects.list"],
        ["roles/container.clusterAdmin"] = ["container.clusters.*", "container.operations.*", Project],
        ["roles/container.clusterViewer"] = ["container.clusters.get", "container.clusters.list", Project],
        ["roles/container.developer"] = ["container.clusters.get", "container.clusters.list", "container.clusters.connect", "container.pods.*", "container.deployments.*", "container.services.*", "container.namespaces.*", "container.configMaps.*", "container.secrets.*", Project],
        ["roles/container.serviceAgent"] = ["container.*", "compute.*", Project],
        ["roles/container.viewer"] = ["container.*.get", "container.*.list", Project],
        ["roles/gkehub.admin"] =
        [
            "gkehub.features.*", "gkehub.fleet.*", "gkehub.memberships.*", "gkehub.operations.*", "gkehub.locations.*", "gkehub.scopes.*",
            "gkehub.endpoints.*", "gkehub.gateway.generateCredentials", Project, "resourcemanager.projects.list",
        ],
        ["roles/gkehub.editor"] =
        [
            "gkehub.features.*", "gkehub.fleet.*", "gkehub.memberships.get", "gkehub.memberships.list", "gkehub.memberships.create", "gkehub.memberships.update",
            "gkehub.memberships.delete", "gkehub.memberships.generateConnectManifest", "gkehub.memberships.getIamPolicy", "gkehub.operations.*", "gkehub.locations.*",
            "gkehub.gateway.generateCredentials", Project, "resourcemanager.projects.list",
        ],
        ["roles/gkehub.gatewayAdmin"] = ["gkehub.gateway.*", "gkehub.memberships.get"],
        ["roles/gkehub.gatewayEditor"] =
        [
            "gkehub.gateway.get", "gkehub.gateway.post", "gkehub.gateway.put", "gkehub.gateway.patch", "gkehub.gateway.delete", "gkehub.gateway.stream",
            "gkehub.gateway.generateCredentials", "gkehub.memberships.get",
        ],
        ["roles/gkehub.gatewayReader"] = ["gkehub.gateway.get", "gkehub.gateway.generateCredentials", "gkehub.memberships.get"],
        ["roles/gkehub.serviceAgent"] = ["container.clusters.get", "container.clusters.list", "container.clusters.update", "container.operations.get", "gkehub.*", Project],
        ["roles/gkehub.viewer"] = ["gkehub.*.get", "gkehub.*.list", "gkehub.*.getIamPolicy", "gkehub.gateway.generateCredentials", Project, "resourcemanager.projects.list"],
        ["roles/iam.roleViewer"] = ["iam.roles.get", "iam.roles.list", Project],
        ["roles/iam.securityAdmin"] = ["*.getIamPolicy", "*.setIamPolicy", "*.list", Project],
        ["roles/iam.securityReviewer"] = ["*.getIamPolicy", "*.list", Project],
        ["roles/iam.serviceAccountAdmin"] = ["iam.serviceAccounts.get", "iam.serviceAccounts.list", "iam.serviceAccounts.create", "iam.serviceAccounts.update", "iam.serviceAccounts.delete", "iam.serviceAccounts.disable", "iam.serviceAccounts.enable", "iam.serviceAccounts.getIamPolicy", "iam.serviceAccounts.setIamPolicy", Project],
        ["roles/iam.serviceAccountKeyAdmin"] = ["iam.serviceAccountKeys.*", "iam.serviceAccounts.get", "iam.serviceAccounts.list", Project],
        ["roles/iam.serviceAccountTokenCreator"] = ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.get", "iam.serviceAccounts.list", "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt", "iam.serviceAccounts.implicitDelegation"],
        ["roles/iam.serviceAccountUser"] = ["iam.serviceAccounts.actAs", "iam.serviceAccounts.get", "iam.serviceAccounts.list", Project],
        ["roles/iam.serviceAccountViewer"] = ["iam.serviceAccounts.get", "iam.serviceAccounts.list", "iam.serviceAccounts.getIamPolicy", Project],
        ["roles/iam.workloadIdentityUser"] = ["iam.serviceAccounts.get", "iam.serviceAccounts.list", "iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken"],
        ["roles/meshconfig.admin"] = ["meshconfig.*", Project, "resourcemanager.projects.list"],
        ["roles/meshconfig.serviceAgent"] = ["meshconfig.*", "container.clusters.get", "container.clusters.list"],
        ["roles/meshconfig.viewer"] = ["meshconfig.*.get", Project, "resourcemanager.projects.list"],
        ["roles/privateca.admin"] = ["privateca.*", Project, "resourcemanager.projects.list"],
        ["roles/privateca.auditor"] = ["privateca.*.get", "privateca.*.list", "privateca.*.getIamPolicy", Project, "resourcemanager.projects.list"],
        ["roles/privateca.caManager"] = ["privateca.caPools.*", "privateca.certificateAuthorities.*", "privateca.certificateTemplates.get", "privateca.certificateTemplates.list", "privateca.certificates.get", "privateca.certificates.list", "privateca.certificates.update", "privateca.locations.*", "privateca.operations.*", Project],
        ["roles/privateca.certificateManager"] = ["privateca.certificates.create", "privateca.*.get", "privateca.*.list", Project, "resourcemanager.projects.list"],
        ["roles/privateca.certificateRequester"] = ["privateca.certificates.create"],
        ["roles/privateca.poolReader"] = ["privateca.caPools.get"],
        ["roles/privateca.templateUser"] = ["privateca.certificateTemplates.get", "privateca.certificateTemplates.list", "privateca.certificateTemplates.use"],
        ["roles/privateca.workloadCertificateRequester"] = ["privateca.certificates.createForSelf"],
        ["roles/resourcemanager.projectIamAdmin"] = [Project, "resourcemanager.projects.getIamPolicy", "resourcemanager.projects.setIamPolicy"],
        ["roles/servicemanagement.admin"] = ["servicemanagement.*", "serviceusage.quotas.get", "serviceusage.services.get", Project, "resourcemanager.projects.list"],
        ["roles/serviceusage.serviceUsageAdmin"] = ["serviceusage.*", Project],
        ["roles/serviceusage.serviceUsageConsumer"] = ["serviceusage.operations.get", "serviceusage.operations.list", "serviceusage.quotas.get", "serviceusage.services.get", "serviceusage.services.list", "serviceusage.services.use", Project],
        ["roles/serviceusage.serviceUsageViewer"] = ["serviceusage.operations.get", "serviceusage.operations.list", "serviceusage.quotas.get", "serviceusage.services.get", "serviceusage.services.list", Project],
    };

    // Of these services every role is known here: another name is a mistake.
    private static readonly HashSet<string> Closed = ["anthosservicemesh", "container", "gkehub", "meshconfig", "privateca"];

    private static readonly HashSet<string> Others =
    [
        "roles/container.defaultNodeServiceAccount", "roles/container.defaultNodeServiceAgent", "roles/container.hostServiceAgentUser",
        "roles/container.nodeServiceAccount", "roles/container.nodeServiceAgent", "roles/gkehub.connect", "roles/gkehub.crossProjectServiceAgent",
        "roles/gkehub.scopeAdmin", "roles/gkehub.scopeEditor", "roles/gkehub.scopeEditorProjectLevel", "roles/gkehub.scopeViewer",
        "roles/gkehub.scopeViewerProjectLevel", "roles/privateca.serviceAgent",
    ];

    /// <summary>The names of all of them.</summary>
    public static IEnumerable<string> All => Granted.Keys;

    /// <summary>What a role grants, as patterns; nothing, if it is none of these.</summary>
    public static IReadOnlyList<string> Of(string role) => Granted.GetValueOrDefault(role, []);

    /// <summary>
    /// Whether there may be such a role. Of the services that a mesh is about every role is known; those of other services, and custom ones,
    /// are taken as they are: they grant nothing here.
    /// </summary>
    public static bool MayExist(string role) => role.StartsWith("roles/", StringComparison.Ordinal)
        ? Granted.ContainsKey(role) || Others.Contains(role) || (role.Contains('.', StringComparison.Ordinal) && !Closed.Contains(ServiceOf(role)))
        : role.Split('/') is ["projects" or "organizations", { Length: > 0 }, "roles", { Length: > 0 }];

    public static bool Grants(string role, string permission) => Of(role).Any(pattern => Fits(pattern, permission));

    private static string ServiceOf(string role) => role["roles/".Length..].Split('.')[0];

    private static bool Fits(string pattern, string permission) => pattern.Split('*') switch
    {
        [var whole] => whole == permission,
        [var start, var end] => permission.Length >= start.Length + end.Length
            && permission.StartsWith(start, StringComparison.Ordinal)
            && permission.EndsWith(end, StringComparison.Ordinal),
        _ => false,
    };
}
