using System.Globalization;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.FleetBenchmark;

/// <summary>Fleets of any size, and what is asked for on them.</summary>
internal static class FleetWorlds
{
    private const string Installer = "serviceAccount:meshworkflow@bench-fleet.iam.gserviceaccount.com";

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
        Clusters = [.. Enumerable.Range(0, clusters).Select(number => new WorldCluster("bench-apps", "us-central1", Name(number), "vpc-bench"))],
        ServiceAccount = "meshworkflow@bench-fleet.iam.gserviceaccount.com",
    };

    public static string Request(int clusters)
    {
        var (first, second) = (clusters / 5, clusters / 2);
        return $$"""
            apiVersion: meshworkflow.dev/v1
            kind: FleetInstall
            metadata: { name: bench }
            spec:
              fleet: { project: bench-fleet }
              mesh: { version: 1.23.3-asm.2 }
              certificateAuthority: { type: mesh_ca }
              enable: { all: true }
              gateways: [{ namespace: istio-ingress }]
              clusters: [{{string.Join(", ", Enumerable.Range(0, clusters).Select(number => $"{{project: bench-apps, location: us-central1, name: {Name(number)}}}"))}}]
              rollout:
                stages:
                  - { name: first, select: { names: [{{Names(0, first)}}] }, maxConcurrent: {{AtOnce(first)}} }
                  - { name: second, select: { names: [{{Names(first, second)}}] }, maxConcurrent: {{AtOnce(second - first)}} }
                  - { name: third, maxConcurrent: {{AtOnce(clusters - second)}} }
            """;
    }

    private static string Names(int from, int to) => string.Join(", ", Enumerable.Range(from, to - from).Select(Name));

    // Half of a stage, as far as a stage may.
    private static int AtOnce(int clusters) => Math.Clamp(clusters / 2, 1, 100);

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-{number:0000}");
}
