using System.Reflection;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>
/// All findings of preflight. The page docs/preflight.md is written from this list. A read that is refused for a reason of its own
/// (docs/errors.md) is a finding, too, under that reason.
/// </summary>
internal static class Checks
{
    private const string Csm = "https://cloud.google.com/service-mesh/docs";
    private const string Gke = "https://cloud.google.com/kubernetes-engine/docs";
    private const string OfCluster = "the cluster";
    private const string OfVersion = "Kubernetes' version";
    private const string OfRoom = "room";
    private const string OfFleet = "one fleet";
    private const string OfSettings = "settings";
    private const string OfApis = "Google's APIs";
    private const string OfPermissions = "permissions";
    private const string OfPackage = "the mesh package";
    private const string OfReach = "the API server";
    private const string OfControlPlanes = "control planes";
    private const string OfWebhooks = "webhooks";
    private const string OfNamespace = "the mesh's namespace";
    private const string OfAdvice = "Google's advice";

    public static readonly CheckDefinition ClusterRunning = new("CLUSTER_RUNNING", OfCluster, MayBe.Pass, "it runs");

    public static readonly CheckDefinition ClusterBusy = new(
        "CLUSTER_BUSY", OfCluster, MayBe.Notice, "GKE is changing it", "Nothing: changes of ours wait for it.");

    public static readonly CheckDefinition ClusterNotRunning = new(
        "CLUSTER_NOT_RUNNING", OfCluster, MayBe.Refuse, "it is being made or deleted, or has failed", "Have the cluster running, then try again.");

    public static readonly CheckDefinition ClusterUnknown = new(
        "CLUSTER_UNKNOWN", OfCluster, MayBe.Unknown, "it can't be read before a step has run");

    public static readonly CheckDefinition ClusterElsewhere = new("CLUSTER_ELSEWHERE", OfCluster, MayBe.Pass, "it is not on Google Cloud");

    public static readonly CheckDefinition StandardCluster = new("STANDARD_CLUSTER", OfCluster, MayBe.Pass, "it is a Standard cluster");

    public static readonly CheckDefinition AutopilotCluster = new(
        "AUTOPILOT_CLUSTER",
        OfCluster,
        MayBe.Refuse,
        "Autopilot supports the managed control plane only",
        "Take the cluster out of the request, or set up the managed control plane on it.",
        $"{Csm}/managed/provision-managed-anthos-service-mesh");

    public static readonly CheckDefinition KubernetesFits = new(
        "KUBERNETES_VERSION", OfVersion, MayBe.Pass | MayBe.Unknown, "it is one that Istio is tested on");

    public static readonly CheckDefinition KubernetesNotTested = new(
        "KUBERNETES_NOT_TESTED",
        OfVersion,
        MayBe.Notice,
        "Istio's makers don't test it (they test Kubernetes 1.27 to 1.30)",
        "Nothing is known to be wrong; try it on a cluster of the same version first.",
        "https://istio.io/latest/docs/releases/supported-releases/");

    public static readonly CheckDefinition KubernetesTooOld = new(
        "KUBERNETES_TOO_OLD", OfVersion, MayBe.Refuse, "it is older than 1.23 and does not serve autoscaling/v2", "Upgrade the cluster, then try again.");

    public static readonly CheckDefinition ClusterCapacity = new(
        "CLUSTER_CAPACITY", OfRoom, MayBe.Pass | MayBe.Unknown, "a node pool (elsewhere: the cluster) has 8 vCPUs on machines of 4");

    public static readonly CheckDefinition ClusterSmall = new(
        "CLUSTER_SMALL",
        OfRoom,
        MayBe.Notice,
        "no node pool (elsewhere: nor the cluster) has 8 vCPUs on machines of 4",
        "Add a pool of e2-standard-4 machines or larger; elsewhere two nodes of 4 vCPUs.",
        $"{Csm}/unified-install/anthos-service-mesh-prerequisites");

    public static readonly CheckDefinition OneFleet = new(
        "ONE_FLEET", OfFleet, MayBe.Pass | MayBe.Unknown, "no cluster of the project is in another fleet");

    public static readonly CheckDefinition OtherFleet = new(
        "OTHER_FLEET",
        OfFleet,
        MayBe.Refuse,
        "clusters of the project are in another fleet; they are named",
        "Unregister them there, or use that fleet.",
        $"{Csm}/unified-install/prerequisites");

    public static readonly CheckDefinition ClusterRegistered = new("CLUSTER_REGISTERED", OfFleet, MayBe.Pass, "it is a member of the fleet");

    public static readonly CheckDefinition ClusterNotRegistered = new(
        "CLUSTER_NOT_REGISTERED",
        OfFleet,
        MayBe.Pass | MayBe.Refuse,
        "it is no member of the fleet",
        "Register it, or let the rollout do it: --enable_registration (or --enable_all).");

    public static readonly CheckDefinition MembershipObject = new(
        "MEMBERSHIP_OBJECT", OfFleet, MayBe.Pass, "the object by which it knows its fleet is of its membership");

    public static readonly CheckDefinition MembershipObjectOfOtherFleet = new(
        "MEMBERSHIP_OBJECT_OF_OTHER_FLEET",
        OfFleet,
        MayBe.Refuse,
        "the object memberships.hub.gke.io/membership in it names another fleet",
        "Unregister it there, or use that fleet; if that membership is gone, delete the object: kubectl delete memberships.hub.gke.io membership.",
        $"{Csm}/unified-install/prerequisites");

    public static readonly CheckDefinition MembershipObjectStale = new(
        "MEMBERSHIP_OBJECT_STALE",
        OfFleet,
        MayBe.Refuse,
        "the object memberships.hub.gke.io/membership in it is of a membership that there is not",
        "Delete the object: kubectl delete memberships.hub.gke.io membership. Then register the cluster, or let the rollout do it.");

    public static readonly CheckDefinition MembershipWithoutIdentity = new(
        "MEMBERSHIP_WITHOUT_IDENTITY",
        OfFleet,
        MayBe.Pass | MayBe.Refuse,
        "it is a member without the fleet's workload identity",
        "Register it with --enable-workload-identity, or let the rollout do it: --enable_registration (or --enable_all).");

    public static readonly CheckDefinition FleetUnknown = new("FLEET_UNKNOWN", OfFleet, MayBe.Unknown, "the fleet can't be read before a step has run");

    public static readonly CheckDefinition MeshId = new("MESH_ID", OfFleet, MayBe.Pass, "its label mesh_id names the fleet's mesh");

    public static readonly CheckDefinition MeshIdMissing = new(
        "MESH_ID_MISSING",
        OfFleet,
        MayBe.Pass | MayBe.Refuse,
        "it has no label mesh_id",
        "Set it, or let the rollout do it: --enable_cluster_labels (or --enable_all).");

    public static readonly CheckDefinition MeshIdDiffers = new(
        "MESH_ID_DIFFERS",
        OfFleet,
        MayBe.Refuse,
        "its label mesh_id names another mesh",
        "Take the cluster out of that mesh and remove the label, or use that mesh's fleet.");

    public static readonly CheckDefinition WorkloadIdentity = new("WORKLOAD_IDENTITY", OfSettings, MayBe.Pass, "workload identity is on");

    public static readonly CheckDefinition WorkloadIdentityOff = new(
        "WORKLOAD_IDENTITY_OFF",
        OfSettings,
        MayBe.Pass | MayBe.Refuse,
        "workload identity is off",
        "Turn it on, or let the rollout do it: --enable_gcp_components (or --enable_all).",
        $"{Gke}/how-to/workload-identity");

    public static readonly CheckDefinition NodeMetadata = new(
        "NODE_METADATA",
        OfSettings,
        MayBe.Notice,
        "node pools don't give workloads their own identity (GKE_METADATA)",
        "Update those pools with --workload-metadata=GKE_METADATA, or keep workloads of the mesh off them.",
        $"{Gke}/how-to/workload-identity");

    public static readonly CheckDefinition CloudOperationsOff = new(
        "CLOUD_OPERATIONS_OFF",
        OfSettings,
        MayBe.Pass | MayBe.Refuse,
        "logs and metrics don't go to Cloud Operations",
        "Turn it on, or let the rollout do it: --enable_gcp_components (or --enable_all).");

    public static readonly CheckDefinition PrivateNodes = new(
        "PRIVATE_NODES",
        OfSettings,
        MayBe.Notice,
        "nodes are private: the API server needs a firewall rule to reach istiod",
        "The step webhook-firewall makes one where none allows it; --skip-firewall leaves it.",
        $"{Csm}/private-cluster-open-port");

    public static readonly CheckDefinition ApisEnabled = new("APIS_ENABLED", OfApis, MayBe.Pass | MayBe.Unknown, "the mesh's APIs are enabled");

    public static readonly CheckDefinition ApisDisabled = new(
        "APIS_DISABLED",
        OfApis,
        MayBe.Pass | MayBe.Refuse,
        "APIs of the mesh are off; they are named",
        "Enable them, or let the rollout do it: --enable_gcp_apis (or --enable_all).");

    /// <summary>Made of any read that a perimeter refuses.</summary>
    public static readonly CheckDefinition ServicePerimeter = new(
        "VPC_SERVICE_CONTROLS",
        OfApis,
        MayBe.Refuse,
        "a service perimeter keeps the service out of an API that it restricts",
        "Let the service's principal in by an ingress rule of the perimeter, or run the services within it.",
        "https://cloud.google.com/vpc-service-controls/docs/troubleshooter");

    public static readonly CheckDefinition Roles = new("ROLES", OfPermissions, MayBe.Pass, "the service may do on the project what the rollout needs");

    public static readonly CheckDefinition RolesMissing = new(
        "ROLES_MISSING",
        OfPermissions,
        MayBe.Refuse | MayBe.Unknown,
        "permissions are missing on a project; they are named with their roles",
        "Grant the roles, or let the rollout do it: --enable_gcp_iam_roles (or --enable_all).",
        $"{Csm}/installation-permissions");

    public static readonly CheckDefinition RolesUnknown = new("ROLES_UNKNOWN", OfPermissions, MayBe.Unknown, "permissions can't be read before a step has run");

    public static readonly CheckDefinition ClusterAdmin = new("CLUSTER_ADMIN", OfPermissions, MayBe.Pass, "the service may do everything within the cluster");

    public static readonly CheckDefinition ClusterAdminMissing = new(
        "CLUSTER_ADMIN_MISSING",
        OfPermissions,
        MayBe.Refuse | MayBe.Unknown,
        "the service may not do everything within the cluster",
        "Bind it to cluster-admin, grant roles/container.admin, or use credentials that may.");

    public static readonly CheckDefinition MemberAdmin = new("MEMBER_ADMIN", OfPermissions, MayBe.Pass, "the request's member may do everything within the cluster");

    public static readonly CheckDefinition MemberAdminMissing = new(
        "MEMBER_ADMIN_MISSING",
        OfPermissions,
        MayBe.Pass | MayBe.Refuse | MayBe.Unknown,
        "the request's member may not do everything within the cluster",
        "Bind it to cluster-admin, grant it roles/container.admin, or let the rollout bind it: --enable_cluster_roles (or --enable_all).");

    public static readonly CheckDefinition MeshPackage = new(
        "MESH_PACKAGE", OfPackage, MayBe.Pass | MayBe.Unknown, "the package is there, and renders with the options and overlays");

    public static readonly CheckDefinition OptionUnknown = new(
        "OPTION_UNKNOWN", OfPackage, MayBe.Refuse, "the package has no such option; the nearest one and all are named");

    public static readonly CheckDefinition ApiServerReachable = new("API_SERVER_REACHABLE", OfReach, MayBe.Pass, "it answers");

    public static readonly CheckDefinition ApiServerUnreachable = new(
        "API_SERVER_UNREACHABLE",
        OfReach,
        MayBe.Refuse,
        "it does not; each way that was tried is told with how it failed",
        "Run the services where the endpoint can be reached (a jump host), allow their address in the cluster's authorized networks, or go through Connect Gateway or an HTTPS proxy.",
        $"{Gke}/how-to/authorized-networks");

    public static readonly CheckDefinition KubeconfigInsecure = new(
        "KUBECONFIG_INSECURE",
        OfReach,
        MayBe.Notice,
        "the kubeconfig has the API server's certificate not checked",
        "Give it the cluster's certificate authority instead of insecure-skip-tls-verify.");

    public static readonly CheckDefinition NoOtherControlPlane = new("CONTROL_PLANES", OfControlPlanes, MayBe.Pass, "there is no istiod yet");

    public static readonly CheckDefinition ControlPlanesUnknown = new(
        "CONTROL_PLANES_UNKNOWN", OfControlPlanes, MayBe.Unknown, "what runs in it can't be read before a step has run");

    public static readonly CheckDefinition ForeignControlPlane = new(
        "FOREIGN_CONTROL_PLANE",
        OfControlPlanes,
        MayBe.Refuse,
        "an istiod is outside the mesh's namespace",
        "Remove that control plane, then try again.");

    public static readonly CheckDefinition SameRevisionPresent = new(
        "SAME_REVISION_PRESENT", OfControlPlanes, MayBe.Notice, "a control plane of the revision is there", "Nothing: it is used if it is as wanted.");

    public static readonly CheckDefinition OtherRevisionPresent = new(
        "OTHER_REVISION_PRESENT", OfControlPlanes, MayBe.Notice, "a control plane of another revision is there", "Nothing: it stays.");

    public static readonly CheckDefinition ManagedControlPlanePresent = new(
        "MANAGED_CONTROL_PLANE_PRESENT",
        OfControlPlanes,
        MayBe.Notice,
        "the cluster knows the managed control plane",
        "Nothing: namespaces follow the control plane that their label names.");

    public static readonly CheckDefinition LegacyGatewayPresent = new(
        "LEGACY_GATEWAY_PRESENT",
        OfControlPlanes,
        MayBe.Notice,
        "there is an ingress gateway in the mesh's namespace, from an install of before",
        "Nothing: it stays, where asmcli would take it away. With the option legacy-default-ingressgateway it must be as that one makes it.");

    public static readonly CheckDefinition Webhooks = new("WEBHOOKS", OfWebhooks, MayBe.Pass, "no webhook stands in the way");

    public static readonly CheckDefinition WebhookConflict = new(
        "WEBHOOK_CONFLICT",
        OfWebhooks,
        MayBe.Refuse,
        "webhooks of this revision are left of a control plane that is gone",
        "Delete them: kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration NAME.");

    public static readonly CheckDefinition WebhookDead = new(
        "WEBHOOK_DEAD",
        OfWebhooks,
        MayBe.Refuse,
        "an Istio webhook that fails closed has nobody behind it: the API server would refuse our objects",
        "Delete the webhook configuration, or bring its control plane back.");

    public static readonly CheckDefinition DefaultInjectorPresent = new(
        "DEFAULT_INJECTOR_PRESENT",
        OfWebhooks,
        MayBe.Notice,
        "another revision injects into namespaces labelled istio-injection=enabled",
        "Nothing: the tag stays where it is; label namespaces istio.io/rev for the new revision.",
        "https://istio.io/latest/docs/setup/upgrade/canary/");

    public static readonly CheckDefinition MeshNamespace = new("MESH_NAMESPACE", OfNamespace, MayBe.Pass, "it is there, on the cluster's network");

    public static readonly CheckDefinition MeshNamespaceMissing = new(
        "MESH_NAMESPACE_MISSING",
        OfNamespace,
        MayBe.Pass | MayBe.Refuse,
        "it is not there",
        "Make it, or let the rollout do it: --enable_namespace_creation (or --enable_all).");

    public static readonly CheckDefinition MeshNamespaceTerminating = new(
        "MESH_NAMESPACE_TERMINATING", OfNamespace, MayBe.Refuse, "it is being deleted", "Wait until it is gone; see its conditions if it stays.");

    public static readonly CheckDefinition NetworkLabelDiffers = new(
        "NETWORK_LABEL_DIFFERS",
        OfNamespace,
        MayBe.Refuse,
        "its label says that it is on another network than the request says",
        "Remove the label topology.istio.io/network if it is a leftover, or give that network (--network_id).");

    public static readonly CheckDefinition InClusterDeprecated = new(
        "IN_CLUSTER_DEPRECATED",
        OfAdvice,
        MayBe.Notice,
        "Google recommends the managed control plane on Google Cloud",
        "Nothing is to be done for this rollout.",
        $"{Csm}/managed/provision-managed-anthos-service-mesh");

    /// <summary>All of them, in the order in which they are told.</summary>
    public static IReadOnlyList<CheckDefinition> All { get; } =
    [
        .. typeof(Checks).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(CheckDefinition))
            .Select(field => (CheckDefinition)field.GetValue(null)!),
    ];
}
