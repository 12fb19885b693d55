namespace MeshWorkflow.Sandbox.Worlds;

/// <summary>Two clusters, for a first look.</summary>
internal static class DemoWorld
{
    private const string Installer = "serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com";
    private const string FleetAgents = "serviceAccount:service-210987654321@gcp-sa-gkehub.iam.gserviceaccount.com";

    // The roles that registering, labelling and preparing clusters take, and the one that can grant the others.
    private static readonly string[] Roles =
        ["roles/container.admin", "roles/gkehub.admin", "roles/resourcemanager.projectIamAdmin", "roles/serviceusage.serviceUsageConsumer"];

    public static World Make() => new()
    {
        Projects =
        [
            new WorldProject("demo-fleet", 210987654321, "Demo fleet")
            {
                ServiceAccounts = [new WorldServiceAccount("meshworkflow") { DisplayName = "MeshWorkflow" }],
                Policy = [new WorldBinding("roles/owner", ["user:owner@example.com"]), .. Roles.Select(role => new WorldBinding(role, [Installer]))],
            },
            new WorldProject("demo-apps", 123456789012, "Demo applications")
            {
                Policy =
                [
                    new WorldBinding("roles/owner", ["user:owner@example.com"]),
                    new WorldBinding("roles/gkehub.serviceAgent", [FleetAgents]),
                    .. Roles.Select(role => new WorldBinding(role, [Installer])),
                ],
            },
        ],
        Clusters =
        [
            new WorldCluster("demo-apps", "us-central1", "mesh-a", "vpc-apps") { Labels = new Dictionary<string, string> { ["env"] = "demo" } },
            new WorldCluster("demo-apps", "europe-west1", "mesh-b", "vpc-apps")
            {
                Labels = new Dictionary<string, string> { ["env"] = "demo" },
                PodRange = "10.12.0.0/14",
                ServiceRange = "10.8.16.0/20",
            },
        ],
        ServiceAccount = "meshworkflow@demo-fleet.iam.gserviceaccount.com",
    };
}
