namespace MeshWorkflow.Cli.Asmcli;

/// <summary>asmcli's flags, one parser for all of its commands, with those of ours that go with them.</summary>
internal static class Flags
{
    public static readonly AsmcliFlag Project = Text("project_id", "The cluster's project.", "PROJECT_ID", "-p");
    public static readonly AsmcliFlag Cluster = Text("cluster_name", "The cluster's name.", "CLUSTER_NAME", "-n");
    public static readonly AsmcliFlag Location = Text("cluster_location", "The cluster's zone or region.", "CLUSTER_LOCATION", "-l");
    public static readonly AsmcliFlag Kubeconfig =
        Text("kubeconfig", "The kubeconfig that the cluster is reached by.", "KUBECONFIG_FILE", "--kc") with { OnlyWith = "KUBECONFIG_SUPPLIED" };

    public static readonly AsmcliFlag Context = Text("context", "The kubeconfig's context. Default: the current one.", "CONTEXT", "--ctx");
    public static readonly AsmcliFlag Fleet = Text("fleet_id", "The fleet's project. Default: the cluster's.", "FLEET_ID");
    public static readonly AsmcliFlag Network = Text("network_id", "The network that the cluster is on.", "NETWORK_ID");
    public static readonly AsmcliFlag Ca = Text("ca", "The certificate authority: mesh_ca (default), gcp_cas or citadel.", "CA", "-c");
    public static readonly AsmcliFlag CaPool = Text("ca_pool", "The pool of CA Service, maybe with ':' and a certificate template.", "CA_NAME");
    public static readonly AsmcliFlag CaName = Text("ca_name", "Was --ca_pool once.", environment: null);
    public static readonly AsmcliFlag CaCert = Custom("ca_cert", "Istio CA: the intermediate's certificate.", "CA_CERT");
    public static readonly AsmcliFlag CaKey = Custom("ca_key", "Istio CA: the intermediate's key.", "CA_KEY");
    public static readonly AsmcliFlag RootCert = Custom("root_cert", "Istio CA: the root's certificate.", "CA_ROOT");
    public static readonly AsmcliFlag CertChain = Custom("cert_chain", "Istio CA: the chain of certificates.", "CA_CHAIN");
    public static readonly AsmcliFlag Option = Listed("option", "An option of the mesh package; repeatable, later ones win.", "OPTIONAL_OVERLAY", "-o");
    public static readonly AsmcliFlag Overlay = Listed("custom_overlay", "A file with an IstioOperator; repeatable, later ones win.", "CUSTOM_OVERLAY", "--co");
    public static readonly AsmcliFlag Revision = Text("revision_name", "The revision. Default: from the version.", environment: null, "-r");
    public static readonly AsmcliFlag Platform = Text("platform", "gcp (default) or multicloud.", "PLATFORM");
    public static readonly AsmcliFlag Channel = Text("channel", "regular, stable or rapid; means something for managed control planes only.", "CHANNEL");
    public static readonly AsmcliFlag ServiceAccount = Text("service_account", "The service account that gets the roles.", "SERVICE_ACCOUNT", "-s");
    public static readonly AsmcliFlag KeyFile = Text("key_file", "Its key. Goes with --service_account.", "KEY_FILE", "-k");
    public static readonly AsmcliFlag OutputDir =
        Text("output_dir", "The folder that istioctl, samples and manifests are kept in.", "OUTPUT_DIR", "-d", "--working_dir", "--working-dir");

    public static readonly AsmcliFlag EnableAll = Toggle("enable_all", "All that the flags --enable_… allow.", "ENABLE_ALL", "-e");
    public static readonly AsmcliFlag EnableNamespace = Toggle("enable_namespace_creation", "Make the namespace istio-system.", "ENABLE_NAMESPACE_CREATION");
    public static readonly AsmcliFlag EnableMeshConfig = Toggle("enable_meshconfig_init", "Initialise the mesh configuration.", "ENABLE_MESHCONFIG_INIT");
    public static readonly AsmcliFlag EnableCaPolicy =
        Toggle("enable_ca_policy", "Write the issuance policy of the CA Service pool (not asmcli's).", environment: null);

    public static readonly AsmcliFlag OnlyValidate = Toggle("only_validate", "As the command validate.", "ONLY_VALIDATE");
    public static readonly AsmcliFlag OnlyEnable = Toggle("only_enable", "Do what the flags --enable_… allow, and stop there.", "ONLY_ENABLE");
    public static readonly AsmcliFlag PrintConfig = Toggle("print_config", "As the command print-config.", "PRINT_CONFIG");
    public static readonly AsmcliFlag Offline = Toggle("offline", "Download nothing: the package is in --output_dir.", "OFFLINE");
    public static readonly AsmcliFlag DryRun = Toggle("dry_run", "As the command plan.", "DRY_RUN");
    public static readonly AsmcliFlag Verbose = Toggle("verbose", "Say more.", "VERBOSE", "-v");
    public static readonly AsmcliFlag NoCanonical = Toggle("disable_canonical_service", "Leave the canonical service controller out.", "DISABLE_CANONICAL_SERVICE");
    public static readonly AsmcliFlag NoUi = Toggle("disable_ui", "Has no effect here.", "DISABLE_UI") with { HasHyphens = false };
    public static readonly AsmcliFlag VpcSc = Toggle("use_vpcsc", "Means something for managed control planes only.", "USE_VPCSC");
    public static readonly AsmcliFlag Managed = Toggle("managed", "Refused: only in-cluster control planes are installed here.", "MANAGED");
    public static readonly AsmcliFlag ManagedCertificates =
        Toggle("managed_certificates", "Refused, as --managed.", "MANAGED_CERTIFICATES") with { HasHyphens = false };

    public static readonly AsmcliFlag FleetApi = Toggle("use_fleet_api", "Refused, as --managed.", "EXPLICIT_FLEET_API");
    public static readonly AsmcliFlag ManagedCni = Toggle("use_managed_cni", "Has no effect.", environment: null);
    public static readonly AsmcliFlag Legacy = Toggle("legacy", "Has no effect.", environment: null);
    public static readonly AsmcliFlag Mode = Text("mode", "Has no effect.", environment: null);

    // Not asmcli's.
    public static readonly AsmcliFlag Version = Text("mesh_version", "The mesh's version. Default: 1.23.3-asm.2 (not asmcli's).", environment: null);
    public static readonly AsmcliFlag RolloutName = Text("name", "The rollout's name. Default: from the cluster's (not asmcli's).", environment: null);
    public static readonly AsmcliFlag SkipFirewall =
        Toggle("skip_firewall", "Leave the firewall of private clusters, and say which rule they need (not asmcli's).", environment: null);

    public static readonly AsmcliFlag HttpsProxy =
        Text("https_proxy", "The HTTPS proxy that leads to the cluster's API server (not asmcli's; the variable is).", "HTTPS_PROXY") with { IsSecret = true };

    public static readonly AsmcliFlag AcceptDowntime =
        Toggle("accept_downtime", "Accept that another certificate authority than before means downtime (not asmcli's).", environment: null);

    /// <summary>Of build-offline-package alone.</summary>
    public static readonly AsmcliFlag PackagePlatform = Text("platform", "What istioctl is to run on (not asmcli's).", environment: null);

    /// <summary>Of create-mesh alone.</summary>
    public static readonly AsmcliFlag IgnoreMismatch =
        Toggle("ignore_workload_identity_mismatch", "Trust no fleet identities of others.", environment: null);

    // Those that only the environment can give.
    public static readonly AsmcliFlag Membership = Text("hub_membership_id", "The name of the membership.", "HUB_MEMBERSHIP_ID");
    public static readonly AsmcliFlag PrivateIssuer = Toggle("private_issuer", "The issuer can't be reached by Google.", "PRIVATE_ISSUER");

    /// <summary>Variables that mean something to asmcli and nothing here, each with the value that it has there where it isn't set.</summary>
    public static IReadOnlyList<(string Name, string Default)> NotRead { get; } =
    [
        ("HUB_REGISTRATION_EXTRA_FLAGS", ""), ("HUB_IDP_URL", ""), ("GKE_CLUSTER_URI", ""), ("USE_HUB_WIP", "1"), ("TRUST_FLEET_IDENTITY", "1"),
    ];

    /// <summary>An option that asmcli takes and ignores.</summary>
    public const string GoneOption = "hub-meshca";

    /// <summary>The flags that allow something, each with the field of the request that it is.</summary>
    public static IReadOnlyList<(AsmcliFlag Flag, string Field)> Enables { get; } =
    [
        (EnableAll, "all"),
        (Toggle("enable_gcp_iam_roles", "Grant roles.", "ENABLE_GCP_IAM_ROLES"), "iamRoles"),
        (Toggle("enable_gcp_apis", "Enable APIs.", "ENABLE_GCP_APIS"), "apis"),
        (Toggle("enable_gcp_components", "Workload identity, logging and monitoring, mesh configuration.", "ENABLE_GCP_COMPONENTS"), "components"),
        (EnableMeshConfig, "meshConfig"),
        (Toggle("enable_cluster_roles", "Make the member administrator of the cluster.", "ENABLE_CLUSTER_ROLES"), "clusterRoles"),
        (Toggle("enable_cluster_labels", "Write the label mesh_id.", "ENABLE_CLUSTER_LABELS"), "clusterLabels"),
        (EnableNamespace, "namespace"),
        (Toggle("enable_registration", "Register the cluster in the fleet.", "ENABLE_REGISTRATION"), "registration"),
    ];

    public static IReadOnlyList<AsmcliFlag> OnCommandLine { get; } =
    [
        Project, Cluster, Location, Kubeconfig, Context, Fleet, Network, Ca, CaPool, CaName, CaCert, CaKey, RootCert, CertChain, Option, Overlay,
        Revision, Platform, Channel, ServiceAccount, KeyFile, OutputDir, .. Enables.Select(enable => enable.Flag), EnableCaPolicy, OnlyValidate,
        OnlyEnable, PrintConfig, Offline, DryRun, Verbose, NoCanonical, NoUi, VpcSc, Managed, ManagedCertificates, FleetApi, ManagedCni, Legacy, Mode,
        Version, RolloutName, SkipFirewall, AcceptDowntime, HttpsProxy,
    ];

    public static IReadOnlyList<AsmcliFlag> All { get; } = [.. OnCommandLine, Membership, PrivateIssuer];

    private static AsmcliFlag Text(string name, string description, string? environment, params string[] others) =>
        new(name, FlagKind.Text, description) { Environment = environment, Others = others };

    private static AsmcliFlag Custom(string name, string description, string environment) =>
        Text(name, description, environment) with { OnlyWith = "CUSTOM_CA" };

    private static AsmcliFlag Listed(string name, string description, string environment, params string[] others) =>
        new(name, FlagKind.List, description) { Environment = environment, Others = others };

    private static AsmcliFlag Toggle(string name, string description, string? environment, params string[] others) =>
        new(name, FlagKind.Switch, description) { Environment = environment, Others = others };
}
