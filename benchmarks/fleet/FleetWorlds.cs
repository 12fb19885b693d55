using System.Globalization;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.FleetBenchmark;

/// <summary>Fleets of any size, and what is asked for on them.</summary>
internal static class FleetWorlds
{
    private const string Installer = "serviceAccount:meshworkflow@bench-fleet.iam.gserviceaccount.com";

    private const int WarmUpClusters = 10;

    public static World Of(int clusters) => new()
    {
        Projects =
        [
            new WorldProject("bench-fleet", 410987654321, "Fleet")
            {
                ServiceAccounts = [new WorldServiceAccount("meshworkflow")],
                Policy = [new WorldBinding("roles/owner", [Installer])],
            },
            new WorldProject("bench-apps", 420987654321, "Applications") { Policy = [new WorldBinding("roles/owner", [Installer])] },
        ],
        Clusters =
        [
            .. Enumerable.Range(0, clusters).Select(number => new WorldCluster("bench-apps", "us-central1", Name(number), "vpc-bench")),
            .. Enumerable.Range(0, WarmUpClusters).Select(number => new WorldCluster("bench-apps", "us-central1", WarmUpName(number), "vpc-bench")),
        ],
        ServiceAccount = "meshworkflow@bench-fleet.iam.gserviceaccount.com",
    };

    /// <summary>A small rollout on clusters of its own.</summary>
    public static string WarmUp() => Request(
        "warm-up", Enumerable.Range(0, WarmUpClusters).Select(WarmUpName), ["{ name: all, maxConcurrent: 5 }"]);

    public static string Request(int clusters)
    {
        var (first, second) = (clusters / 5, clusters / 2);
        return Request(
            "bench",
            Enumerable.Range(0, clusters).Select(Name),
            [
                $"{{ name: first, select: {{ names: [{Names(0, first)}] }}, maxConcurrent: {AtOnce(first)} }}",
                $"{{ name: second, select: {{ names: [{Names(first, second)}] }}, maxConcurrent: {AtOnce(second - first)} }}",
                $"{{ name: third, maxConcurrent: {AtOnce(clusters - second)} }}",
            ]);
    }

    private static string Request(string name, IEnumerable<string> clusters, string[] stages) => $$"""
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: { name: {{name}} }
        spec:
          fleet: { project: bench-fleet }
          mesh: { version: 1.23.3-asm.2 }
          certificateAuthority: { type: mesh_ca }
          enable: { all: true }
          gateways: [{ namespace: istio-ingress }]
          clusters: [{{string.Join(", ", clusters.Select(cluster => $"{{project: bench-apps, location: us-central1, name: {cluster}}}"))}}]
          rollout:
            stages: [{{string.Join(", ", stages)}}]
        """;

    private static string Names(int from, int to) => string.Join(", ", Enumerable.Range(from, to - from).Select(Name));

    // Half of a stage, as far as a stage may.
    private static int AtOnce(int clusters) => Math.Clamp(clusters / 2, 1, 100);

    private static string WarmUpName(int number) => string.Create(CultureInfo.InvariantCulture, $"warm-{number:00}");

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-{number:0000}");
}
