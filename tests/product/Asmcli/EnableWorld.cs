using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>A product, and a fleet in which each cluster lacks one thing that a flag <c>--enable_…</c> is for, and no other.</summary>
public sealed class EnableWorld : IAsyncLifetime
{
    private const string Installer = "serviceAccount:meshworkflow@demo-fleet.iam.gserviceaccount.com";

    private static readonly string[] Basic = ["cloudresourcemanager", "compute", "connectgateway", "container", "gkehub", "iam", "iamcredentials", "serviceusage"];

    internal ProductUnderTest Product { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Product = await ProductUnderTest.StartAsync(new World
    {
        Projects =
        [
            Project("demo-fleet", 210987654321, "meshconfig", "meshca") with { ServiceAccounts = [new WorldServiceAccount("meshworkflow")] },
            Project("demo-apps", 123456789012, "mesh", "meshconfig"),
            Project("few-apis", 111111111111),
            Project("few-pools", 222222222222, "mesh", "meshconfig"),
            Project("few-roles", 333333333333, "mesh", "meshconfig") with
            {
                Policy =
                [
                    .. Agents,
                    new WorldBinding("roles/container.admin", [Installer]),
                    new WorldBinding("roles/gkehub.viewer", [Installer]),
                    new WorldBinding("roles/resourcemanager.projectIamAdmin", [Installer]),
                    new WorldBinding("roles/serviceusage.serviceUsageConsumer", [Installer]),
                ],
            },
        ],
        Clusters =
        [
            Cluster("good"),
            Cluster("registration") with { Membership = null },
            Cluster("labels") with { Labels = new Dictionary<string, string>() },
            Cluster("namespace") with { Objects = [] },
            Cluster("network") with { Objects = [Namespace("")] },
            Cluster("components") with { WorkloadIdentity = false, LoggingService = "none" },
            Cluster("rights"),
            Cluster("roles", "few-roles"),
            Cluster("apis", "few-apis"),
            Cluster("pools", "few-pools"),
            new WorldCluster("demo-apps", "us-central1", "bare", "vpc-apps"),
            new WorldCluster("demo-apps", "us-central1", "bad", "vpc-apps"),
        ],
        ServiceAccount = Installer["serviceAccount:".Length..],
    });

    public ValueTask DisposeAsync() => Product.DisposeAsync();

    // What the fleet's own agents need on projects of clusters.
    private static IEnumerable<WorldBinding> Agents =>
    [
        new("roles/gkehub.serviceAgent", ["serviceAccount:service-210987654321@gcp-sa-gkehub.iam.gserviceaccount.com"]),
        new("roles/anthosservicemesh.serviceAgent", ["serviceAccount:service-210987654321@gcp-sa-servicemesh.iam.gserviceaccount.com"]),
    ];

    private static WorldProject Project(string id, long number, params string[] services) => new(id, number, id)
    {
        Services = [.. Basic, .. services],
        Policy = [.. Agents, new WorldBinding("roles/owner", [Installer])],
    };

    private static WorldCluster Cluster(string name, string project = "demo-apps") => new(project, "us-central1", name, "vpc-apps")
    {
        Labels = new Dictionary<string, string> { ["mesh_id"] = "proj-210987654321" },
        Membership = new WorldMembership("demo-fleet", name, "us-central1"),
        Objects = [Namespace($", \"labels\": {{ \"topology.istio.io/network\": \"{project}-vpc-apps\" }}")],
    };

    private static System.Text.Json.Nodes.JsonObject Namespace(string more) =>
        System.Text.Json.Nodes.JsonNode.Parse($$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "istio-system"{{more}} } }""")!.AsObject();
}
