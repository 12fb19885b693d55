using System.Globalization;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Tests.Product.Rollouts;

namespace MeshWorkflow.Tests.Product.Steering;

/// <summary>
/// A fleet that is large enough for every test to have clusters of its own: <c>pause-01</c>, <c>cancel-01</c> and so on in one project, and one
/// in each of many projects, each with a fleet of its own.
/// </summary>
internal static class SteeredFleet
{
    public const string Apps = "demo-apps";
    public const string Fleet = "demo-fleet";
    public const string Autopilot = "autopilot";
    public const string Location = "us-central1";
    private const string Installer = "serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com";
    private const int Projects = 36;

    /// <summary>What a rollout does on a cluster, all that it can do with it.</summary>
    public const string Whole = """
          gateways: [{ namespace: istio-ingress }]
          injection: { namespaces: [default], restart: true }
          identity: { member: "serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com" }
        """;

    public static World World { get; } = Rollouts.Fleets.Of(0) with
    {
        Projects =
        [
            .. World.Demo.Projects,
            .. Enumerable.Range(0, Projects).SelectMany(number => (WorldProject[])[Project("fleet", number, 41), Project("apps", number, 42)]),
        ],
        Clusters =
        [
            Cluster(Apps, "look"),
            Cluster(Apps, Autopilot) with { Autopilot = true },
            .. ((string[])["pause", "cancel", "stage", "budget", "order"]).SelectMany(kind => Enumerable.Range(1, 60).Select(number => Cluster(Apps, Name(kind, number)))),
            .. Enumerable.Range(0, Projects).Select(number => new WorldCluster(Name("apps", number), Location, Name("shared", number), "vpc-apps")),
        ],
    };

    public static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number:00}");

    public static string Scope(string cluster, string project = Apps) => $"cluster/{project}/{Location}/{cluster}";

    public static string Request(
        string name, IEnumerable<string> clusters, string more = "", string project = Apps, string fleet = Fleet, string pollEvery = "100ms") => $"""
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: {"{"} name: {name} {"}"}
        spec:
          fleet: {"{"} project: {fleet} {"}"}
          mesh: {"{"} version: 1.23.3-asm.2 {"}"}
          certificateAuthority: {"{"} type: mesh_ca {"}"}
          enable: {"{"} all: true {"}"}
          control: {"{"} pollEvery: {pollEvery} {"}"}
          clusters:
        {string.Join('\n', clusters.Select(cluster => $"    - {"{"} project: {project}, location: {Location}, name: {cluster} {"}"}"))}
        {more}
        """;

    /// <summary>Whether a resource is a cluster, is in it, or is its membership or firewall rule.</summary>
    public static bool IsOf(string resource, string cluster) => resource.EndsWith($"/{cluster}", StringComparison.Ordinal)
        || resource.Contains($"/{cluster}/", StringComparison.Ordinal)
        || resource.Contains($"/meshwf-webhook-{cluster}-", StringComparison.Ordinal);

    /// <summary>Fails, and says where, if anything of a cluster is not as it was.</summary>
    public static void AssertAsBefore(WorldSnapshot before, WorldSnapshot after, string cluster) =>
        Assert.Empty(WorldDiff.Compare(before, after).Where(difference => IsOf(difference.Resource, cluster)).Lines());

    public static void AssertInstalled(WorldSnapshot world, string cluster) => Assert.Contains(
        $"//container.googleapis.com/projects/{Apps}/locations/{Location}/clusters/{cluster}/k8s/namespaces/istio-system/apps/deployments/istiod-asm-1233-2",
        world.Resources.Keys);

    // Private: its firewall rule is a step that writes, too.
    private static WorldCluster Cluster(string project, string name) => new(project, Location, name, "vpc-apps") { MasterRange = "172.16.0.0/28" };

    private static WorldProject Project(string kind, int number, long series) => new(Name(kind, number), (series * 10_000_000_000) + number, Name(kind, number))
    {
        Policy =
        [
            new WorldBinding("roles/owner", ["user:owner@example.com"]),
            new WorldBinding("roles/resourcemanager.projectIamAdmin", [Installer]),
            new WorldBinding("roles/serviceusage.serviceUsageAdmin", [Installer]),
            new WorldBinding("roles/container.admin", [Installer]),
            new WorldBinding("roles/gkehub.admin", [Installer]),
        ],
    };
}
