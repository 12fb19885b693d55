using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Product.Rollouts;

/// <summary>Fleets of small clusters, and what tells of them in the sandbox's journal.</summary>
internal static class Fleets
{
    private const string Project = "demo-apps";
    private const string Location = "us-central1";

    /// <summary>The demo's world with other clusters: c1, c2 and so on; the odd ones carry <c>tier: odd</c>.</summary>
    public static World Of(int clusters) => World.Demo with
    {
        Clusters =
        [
            .. Enumerable.Range(1, clusters).Select(number => new WorldCluster(Project, Location, $"c{number}", "vpc-apps")
            {
                Labels = new Dictionary<string, string> { ["tier"] = number % 2 == 1 ? "odd" : "even" },
            }),
        ],
    };

    public static string Request(int clusters, string more = "", string name = "test", string enable = "{ all: true }") => $"""
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: {"{"} name: {name} {"}"}
        spec:
          fleet: {"{"} project: demo-fleet {"}"}
          mesh: {"{"} version: 1.23.3-asm.2 {"}"}
          certificateAuthority: {"{"} type: mesh_ca {"}"}
          enable: {enable}
          control: {"{"} pollEvery: 100ms {"}"}
          clusters:
        {string.Join('\n', Enumerable.Range(1, clusters).Select(number => $"    - {"{"} project: {Project}, location: {Location}, name: c{number} {"}"}"))}
        {more}
        """;

    public static string Resource(string cluster) => $"//container.googleapis.com/projects/{Project}/locations/{Location}/clusters/{cluster}";

    /// <summary>A cluster's membership in the fleet.</summary>
    public static string Member(string cluster) => $"//gkehub.googleapis.com/projects/demo-fleet/locations/{Location}/memberships/{cluster}";

    /// <summary>The step of a cluster that is refused.</summary>
    public static FaultSpec LabelRefused(string cluster) => new() { Match = new CallMatch("container", "clusters.setResourceLabels", Resource(cluster)) };

    /// <summary>The clusters that have a control plane.</summary>
    public static IEnumerable<string> Installed(WorldSnapshot world, int clusters) => Enumerable.Range(1, clusters)
        .Select(number => $"c{number}")
        .Where(name => world.Resources.ContainsKey($"{Resource(name)}/k8s/namespaces/istio-system/apps/deployments/istiod-asm-1233-2"));

    /// <summary>The clusters in the order in which something of them was first changed.</summary>
    public static IReadOnlyList<string> Begun(this ProductUnderTest product) =>
    [
        .. product.Sandbox.Journal()
            .Where(entry => entry.Effects.Count > 0 && entry.Method == "memberships.create")
            .Select(entry => entry.Resource.Split('/')[^1])
            .Distinct(),
    ];
}
