using System.Globalization;

namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>Twelve clusters in two projects, three of them with a peculiarity.</summary>
internal static class FleetWorld
{
    private const string Fleet = "fleet-host";
    private const string Installer = "serviceAccount:meshworkflow@fleet-host.iam.gserviceaccount.com";
    private static readonly string[] Regions = ["us-central1", "europe-west1", "asia-northeast1"];

    public static World Make() => new()
    {
        Projects = [Project(Fleet, 310987654321, "Fleet host"), Project("fleet-shop", 320987654321, "Shop"), Project("fleet-data", 330987654321, "Data")],
        Clusters = [.. Enumerable.Range(1, 12).Select(Cluster)],
        ServiceAccount = "meshworkflow@fleet-host.iam.gserviceaccount.com",
    };

    // The installer may change policies and APIs; every other role it has to be given.
    private static WorldProject Project(string id, long number, string name) => new(id, number, name)
    {
        Policy =
        [
            new WorldBinding("roles/owner", ["user:owner@example.com"]),
            new WorldBinding("roles/resourcemanager.projectIamAdmin", [Installer]),
            new WorldBinding("roles/serviceusage.serviceUsageAdmin", [Installer]),
            new WorldBinding("roles/container.admin", [Installer]),
            new WorldBinding("roles/gkehub.admin", [Installer]),
        ],
        ServiceAccounts = id == Fleet ? [new WorldServiceAccount("meshworkflow") { DisplayName = "MeshWorkflow" }] : [],
    };

    // 1 to 6 are the shop's, 7 to 12 the data project's. 5: Autopilot. 8: private. 11: its istiod never becomes ready.
    private static WorldCluster Cluster(int number)
    {
        var (project, region) = (number <= 6 ? "fleet-shop" : "fleet-data", Regions[(number - 1) % Regions.Length]);
        return new WorldCluster(project, region, string.Create(CultureInfo.InvariantCulture, $"mesh-{number:00}"), "vpc-main")
        {
            Labels = new Dictionary<string, string> { ["env"] = "prod", ["wave"] = number is 1 or 7 ? "canary" : "main" },
            PodRange = string.Create(CultureInfo.InvariantCulture, $"10.{number * 4}.0.0/14"),
            ServiceRange = string.Create(CultureInfo.InvariantCulture, $"172.20.{number * 16}.0/20"),
            Autopilot = number == 5,
            MasterRange = number == 8 ? "172.16.0.0/28" : null,
            Quirks = number == 11 ? [WorldQuirks.IstiodNeverReady] : [],
        };
    }
}
