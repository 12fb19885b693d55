using System.Text;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Product.Rollouts;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>Fleets whose certificates somebody else signs than Mesh CA.</summary>
internal static class Authorities
{
    public const string Pool = "projects/demo-apps/locations/us-central1/caPools/mesh-pool";
    public const string Template = "projects/demo-apps/locations/us-central1/certificateTemplates/workload";
    public const string PoolResource = $"//privateca.googleapis.com/{Pool}";
    public const string Member = "group:demo-fleet.svc.id.goog:/allAuthenticatedUsers/";

    /// <summary>A fleet with a pool and a template; the API off, as after a clean-up, and nobody but the owner allowed to look.</summary>
    public static World WithPool(int clusters, string state = "ENABLED") => WithPools(Fleets.Of(clusters), Of("us-central1", state));

    /// <summary>The same with the API on, and the installer allowed to look.</summary>
    public static World WithOpenPool(int clusters, string state = "ENABLED")
    {
        var world = WithPool(clusters, state);
        return world with
        {
            Projects =
            [
                .. world.Projects.Select(project => project with
                {
                    Services = [.. project.Services, "privateca"],
                    Policy = [.. project.Policy, new WorldBinding("roles/privateca.auditor", [$"serviceAccount:{world.ServiceAccount}"])],
                }),
            ],
        };
    }

    /// <summary>The demo's clusters, in two regions, with a pool in each.</summary>
    public static World InTwoRegions(string west = "ENABLED") => WithPools(World.Demo, Of("us-central1"), Of("europe-west1", west));

    /// <summary>The request for these clusters with another authority.</summary>
    public static string By(this string request, string authority)
    {
        const string MeshCa = "certificateAuthority: { type: mesh_ca }";
        Assert.Contains(MeshCa, request, StringComparison.Ordinal);
        return request.Replace(MeshCa, $"certificateAuthority: {authority}", StringComparison.Ordinal);
    }

    public static string Istiod(string cluster) => $"{Fleets.Resource(cluster)}/k8s/namespaces/istio-system/apps/deployments/istiod-asm-1233-2";

    public static string CaCerts(string cluster) => $"{Fleets.Resource(cluster)}/k8s/namespaces/istio-system/secrets/cacerts";

    public static string Mesh(string cluster) => $"{Fleets.Resource(cluster)}/k8s/namespaces/istio-system/configmaps/istio-asm-1233-2";

    public static string Values(string cluster) => $"{Fleets.Resource(cluster)}/k8s/namespaces/istio-system/configmaps/istio-sidecar-injector-asm-1233-2";

    /// <summary>The root that istiod shows in a namespace.</summary>
    public static string Shown(ProductUnderTest product, string ns) =>
        product.Sandbox.Snapshot().Resources[$"{ns}/configmaps/istio-ca-root-cert"]["data"]!["root-cert.pem"]!.GetValue<string>();

    /// <summary>The root that istiod has made: whoever signs for workloads, it serves with its own unless it was given one.</summary>
    public static string SelfMade(ProductUnderTest product, string ns) => Encoding.UTF8.GetString(Convert.FromBase64String(
        product.Sandbox.Snapshot().Resources[$"{ns}/secrets/istio-ca-secret"]["data"]!["ca-cert.pem"]!.GetValue<string>()));

    private static WorldCaPool Of(string location, string state = "ENABLED") => new(location, "mesh-pool") { Authorities = [new WorldAuthority("sub") { State = state }] };

    private static World WithPools(World world, params WorldCaPool[] pools) => world with
    {
        Projects =
        [
            .. world.Projects.Select(project => project.Id != "demo-apps" ? project : project with
            {
                CaPools = pools,
                CertificateTemplates = [.. pools.Select(pool => new WorldCertificateTemplate(pool.Location, "workload"))],
            }),
        ],
    };
}
