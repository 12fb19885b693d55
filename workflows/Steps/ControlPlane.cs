using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The steps of the service <c>control-plane</c>, and what each is to bring about for a cluster of a request.</summary>
internal static class ControlPlane
{
    public const string AppId = "control-plane";
    public const string MeshNamespace = "istio-system";
    private const string DefaultTag = "default";

    /// <summary>The step that installs istiod.</summary>
    public static StepName Istiod { get; } = Name("control-plane");

    /// <summary>The step that makes a cluster a member of its fleet.</summary>
    public static StepName Registration { get; } = Name("fleet-membership");

    public static IReadOnlyList<StepDefinition> Steps { get; } =
    [
        new(
            Name("workload-identity"),
            (request, scope) => request.IsElsewhere(scope) ? null : new WorkloadIdentitySpec
            {
                Cluster = request.TargetOf(scope),
                CheckOnly = !Iam.Allows(request, enable => enable.Components),
            }),
        new(
            Name("logging-monitoring"),
            (request, scope) => request.IsElsewhere(scope) ? null : new LoggingMonitoringSpec
            {
                Cluster = request.TargetOf(scope),
                CheckOnly = !Iam.Allows(request, enable => enable.Components),
            }),
        new(
            Registration,
            (request, scope) => new FleetMembershipSpec
            {
                Cluster = request.TargetOf(scope),
                FleetProject = request.FleetProject,
                CheckOnly = !Iam.Allows(request, enable => enable.Registration),
            }),
        new(
            Name("mesh-id"),
            (request, scope) => new MeshIdSpec
            {
                Cluster = request.TargetOf(scope),
                FleetProject = request.FleetProject,
                CheckOnly = !Iam.Allows(request, enable => enable.ClusterLabels),
            }),
        new(
            Name("cluster-admin-binding"),
            (request, scope) => request.Member is not { } member ? null : new ClusterAdminBindingSpec
            {
                Cluster = request.TargetOf(scope),
                Member = member,
                CheckOnly = !Iam.Allows(request, enable => enable.ClusterRoles),
            }),
        new(
            Name("mesh-namespace"),
            (request, scope) => request.OnlyEnable && !Iam.Allows(request, enable => enable.Namespace) ? null : new MeshNamespaceSpec
            {
                Cluster = request.TargetOf(scope),
                Namespace = MeshNamespace,
                NetworkId = request.DetailOf(scope.Cluster).NetworkId ?? "",
                CheckOnly = !Iam.Allows(request, enable => enable.Namespace),
            }),
        new(
            Name("webhook-firewall"),
            (request, scope) => request.IsElsewhere(scope) ? null : new WebhookFirewallSpec { Cluster = request.TargetOf(scope), Skip = !request.Firewall }),
        new(Istiod, SpecOf),
        new(
            Name("revision-tag"),
            (request, scope) => new RevisionTagSpec { Cluster = request.TargetOf(scope), Tag = DefaultTag, Revision = request.Mesh.Revision }),
        new(
            Name("canonical-service"),
            (request, scope) => request.CanonicalService
                ? new CanonicalServiceSpec { Cluster = request.TargetOf(scope), Package = Package(request) }
                : null),
    ];

    public static GkeCluster ToProto(this ClusterRef cluster) =>
        new() { Project = cluster.Project, Location = cluster.Location, Name = cluster.Name };

    public static CertificateAuthority AuthorityOf(FleetInstallRequest request) => request.CertificateAuthority.Type switch
    {
        AuthorityType.CaService => CertificateAuthority.GcpCas,
        AuthorityType.IstioCa => CertificateAuthority.Citadel,
        _ => CertificateAuthority.MeshCa,
    };

    private static StepName Name(string step) => new(AppId, step);

    /// <summary>What a cluster's control plane is to be.</summary>
    public static ControlPlaneSpec SpecOf(FleetInstallRequest request, StepScope scope) => new()
    {
        Cluster = request.TargetOf(scope),
        FleetProject = request.FleetProject,
        Package = Package(request),
        Revision = request.Mesh.Revision,
        Ca = AuthorityOf(request),
        CaPool = Certificates.AddressOf(request, scope.Cluster),
        Options = { request.Options },
        NetworkId = request.DetailOf(scope.Cluster).NetworkId ?? "",
        Overlays = { request.Overlays.Select(overlay => new Overlay { Name = overlay.Name, Content = overlay.Content }) },
    };

    private static MeshPackage Package(FleetInstallRequest request) => new()
    {
        Version = request.Mesh.Version,
        Release = request.Package?.Release ?? "",
        ReleaseSha256 = request.Package?.ReleaseSha256 ?? "",
        Configuration = request.Package?.Configuration ?? "",
        ConfigurationSha256 = request.Package?.ConfigurationSha256 ?? "",
    };
}
