using MeshWorkflow.Protos.Certificates.V1;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The steps of the service <c>certificates</c>, and what each is to bring about in a project, a pool or a cluster of a request.</summary>
internal static class Certificates
{
    public const string AppId = "certificates";

    /// <summary>What is done for a project.</summary>
    public static IReadOnlyList<StepDefinition> Steps { get; } =
    [
        new(
            new StepName(AppId, "mesh-ca"),
            (request, scope) => request.CertificateAuthority.Type is AuthorityType.MeshCa && Iam.HasMesh(request, scope)
                ? new MeshCaSpec
                {
                    Project = scope.Name,
                    FleetProject = request.FleetProject,
                    WorkloadIdentityPools = { Iam.PoolsOf(request, scope.Name) },
                    CheckOnly = !Iam.Allows(request, enable => enable.Components || enable.MeshConfig),
                    EnablesApis = Iam.Allows(request, enable => enable.Apis),
                }
                : null,
            IsLong: true),
    ];

    /// <summary>What is done for a pool of CA Service, or a certificate template.</summary>
    public static IReadOnlyList<StepDefinition> OfAuthorities { get; } =
    [
        new(new StepName(AppId, "ca-pool"), (request, scope) => scope.Kind is ScopeKind.CaPool ? PoolSpec(request, scope) : null),
        new(
            new StepName(AppId, "ca-access"),
            (request, scope) => new CaAccessSpec
            {
                Resource = scope.Name,
                FleetProject = request.FleetProject,
                CheckOnly = !Iam.Allows(request, enable => enable.IamRoles),
            }),
    ];

    /// <summary>What is done on a cluster.</summary>
    public static IReadOnlyList<StepDefinition> OfClusters { get; } =
    [
        new(
            new StepName(AppId, "authority-change"),
            (request, scope) => new AuthorityChangeSpec
            {
                Cluster = ToProto(request, scope.Cluster),
                Namespace = ControlPlane.MeshNamespace,
                Authority = request.CertificateAuthority.Type switch
                {
                    AuthorityType.CaService => Authority.CaService,
                    AuthorityType.IstioCa => Authority.IstioCa,
                    _ => Authority.MeshCa,
                },
                Pool = AddressOf(request, scope.Cluster),
                AcceptDowntime = request.CertificateAuthority.AcceptDowntime,
                Migrates = request.Options.Contains(AuthorityOptions.ToMeshCa),
            }),
        new(
            new StepName(AppId, "istio-ca"),
            (request, scope) => request.CertificateAuthority.IstioCa is { } source ? IstioCaSpec(request, source, scope.Cluster) : null),
    ];

    /// <summary>Whether a step is asked for its plan before the first write of a rollout: what it lacks nobody but people can mend.</summary>
    public static bool IsLookedAtFirst(StepDefinition step) => OfAuthorities.Contains(step) || OfClusters.Contains(step);

    /// <summary>The pool, and maybe the template, that signs for a cluster: of several the one in its region.</summary>
    public static CaServiceRequest? PoolOf(FleetInstallRequest request, ClusterRef cluster) =>
        request.CertificateAuthority.CaService is not { } first ? null : Pools(first).FirstOrDefault(pool => pool.Location == RegionOf(cluster)) ?? first;

    /// <summary>How istiod names what signs: the pool, with the template behind it.</summary>
    public static string AddressOf(FleetInstallRequest request, ClusterRef cluster) => PoolOf(request, cluster) switch
    {
        null => "",
        { Template: { } template } pool => $"{pool.Pool}:{template}",
        var pool => pool.Pool,
    };

    /// <summary>What of CA Service a cluster shares with others.</summary>
    public static IEnumerable<StepScope> ScopesOf(FleetInstallRequest request, ClusterRef cluster)
    {
        if (PoolOf(request, cluster) is { } pool)
        {
            yield return new StepScope(ScopeKind.CaPool, pool.Pool);
            if (pool.Template is { } template)
            {
                yield return new StepScope(ScopeKind.CaTemplate, template);
            }
        }
    }

    /// <summary>The projects of pools and templates.</summary>
    public static IEnumerable<string> ProjectsOf(FleetInstallRequest request) =>
        request.Clusters.SelectMany(cluster => ScopesOf(request, cluster)).Distinct().Select(ProjectOf).Distinct(StringComparer.Ordinal);

    /// <summary>The project of a pool or a template.</summary>
    public static string ProjectOf(StepScope scope) => scope.Name.Split('/')[1];

    private static IEnumerable<CaServiceRequest> Pools(CaServiceRequest first) => first.Others.Prepend(first);

    private static string RegionOf(ClusterRef cluster) => cluster.Location.Split('-') is [var area, var region, _] ? $"{area}-{region}" : cluster.Location;

    private static CaPoolSpec PoolSpec(FleetInstallRequest request, StepScope scope)
    {
        var users = request.Clusters.Where(cluster => PoolOf(request, cluster)?.Pool == scope.Name).ToList();
        return new CaPoolSpec
        {
            Pool = scope.Name,
            Template = users.Select(cluster => PoolOf(request, cluster)?.Template).FirstOrDefault() ?? "",
            FleetProject = request.FleetProject,
            EnablePolicy = request.CertificateAuthority.CaService?.EnablePolicy is true,
            Regions =
            {
                users.Where(cluster => request.DetailOf(cluster).Platform is ClusterPlatform.GoogleCloud).Select(RegionOf).Distinct(StringComparer.Ordinal),
            },
        };
    }

    private static IstioCaSpec IstioCaSpec(FleetInstallRequest request, IstioCaRequest source, ClusterRef cluster)
    {
        var spec = new IstioCaSpec { Cluster = ToProto(request, cluster), Namespace = ControlPlane.MeshNamespace, First = ToProto(request, request.Clusters[0]) };
        if (source.Files is { } files)
        {
            spec.Files = new IstioCaFiles { CaCert = files.CaCert, CaKey = files.CaKey, RootCert = files.RootCert, CertChain = files.CertChain };
        }
        else if (source.Root is { } root)
        {
            spec.Root = new IstioCaRoot { Cert = root.Cert, Key = root.Key };
        }
        else
        {
            spec.Folder = source.Folder ?? "";
        }

        return spec;
    }

    private static GkeCluster ToProto(FleetInstallRequest request, ClusterRef cluster) => new()
    {
        Project = cluster.Project,
        Location = cluster.Location,
        Name = cluster.Name,
        Access = request.AccessOf(StepScope.Of(cluster)),
    };
}
