using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Sandbox.Google;

namespace MeshWorkflow.Tests.Sandbox.ForeignClients;

/// <summary>What people type: gcloud's exit codes and output must be those that Google's servers give it.</summary>
public sealed class GcloudSweepTests
{
    private const string Fleet = "--location us-central1";

    // In each list, each goes on from the one before.
    private static readonly (string Arguments, int Code, string Output)[] Fleets =
    [
        ("container fleet memberships register mesh-b --gke-cluster us-central1/mesh-b --enable-workload-identity", 0, "Finished registering to the Fleet"),
        ("container hub memberships register mesh-b --gke-cluster us-central1/mesh-b --enable-workload-identity", 0, "already registered with the cluster"),
        ("container hub memberships list --format=value(name)", 0, "mesh-b"),
        ($"container fleet memberships describe mesh-b {Fleet}", 0, "resourceLink: //container.googleapis.com/projects/demo-fleet/locations/us-central1/clusters/mesh-b"),
        ($"container fleet memberships describe nowhere {Fleet}", 1, "NOT_FOUND: Resource 'projects/demo-fleet/locations/us-central1/memberships/nowhere' was not found"),
        ($"container fleet memberships update mesh-b {Fleet} --update-labels=team=a", 0, "team: a|Updated|^$"),
        ($"container fleet memberships get-credentials mesh-b {Fleet}", 0, "A new kubeconfig entry \"connectgateway_demo-fleet_us-central1_mesh-b\" has been generated and set as the current context"),
        ("container fleet mesh enable", 0, ""),
        ("container fleet mesh describe --format=json", 0, "Service Mesh is set up"),
        ("container hub memberships unregister mesh-b --gke-cluster us-central1/mesh-b", 0, "Waiting for membership to be deleted"),
        ($"container fleet memberships describe mesh-b {Fleet}", 1, "NOT_FOUND"),
    ];

    private static readonly (string Arguments, int Code, string Output)[] Clusters =
    [
        ("container clusters list --format=value(name,location)", 0, "(?s)mesh-a\tus-central1.*mesh-b\tus-central1"),
        ($"container clusters describe nowhere {Fleet}", 1, "ResponseError: code=404, message=Not found: projects/demo-fleet/locations/us-central1/clusters/nowhere"),
        ($"container clusters update mesh-a {Fleet} --update-labels=env=x", 0, "Updated"),
        ($"container clusters describe mesh-a {Fleet} --format=value(resourceLabels)", 0, "env=x"),
        ($"container node-pools list --cluster mesh-a {Fleet}", 0, "default-pool +e2-standard-4"),
        ($"container operations list {Fleet} --format=value(operationType,status)", 0, "UPDATE_CLUSTER\tDONE"),
        ($"container clusters get-credentials mesh-a {Fleet}", 0, "kubeconfig entry generated for mesh-a"),
    ];

    private static readonly (string Arguments, int Code, string Output)[] Projects =
    [
        ("projects describe demo-fleet --format=value(projectNumber)", 0, "210987654321"),
        ("projects describe nowhere-at-all", 1, "does not have permission to access projects instance \\[nowhere-at-all\\] \\(or it may not exist\\)"),
        ("services list --enabled --format=value(config.name)", 0, "gkehub.googleapis.com"),
        ("iam service-accounts create tester --display-name=Tester", 0, "Created service account \\[tester\\]"),
        ("iam service-accounts create tester", 1, "already exists"),
        ("iam service-accounts add-iam-policy-binding tester@demo-fleet.iam.gserviceaccount.com --member=user:a@example.com --role=roles/iam.workloadIdentityUser", 0, "roles/iam.workloadIdentityUser"),
        ("iam service-accounts delete tester@demo-fleet.iam.gserviceaccount.com", 0, "deleted service account \\[tester@"),
        ("iam service-accounts describe tester@demo-fleet.iam.gserviceaccount.com", 1, "NOT_FOUND"),
    ];

    private static readonly (string Arguments, int Code, string Output)[] Authorities =
    [
        ($"privateca pools list {Fleet} --format=value(name)", 0, "pool"),
        ($"privateca pools create second {Fleet} --tier devops", 0, "Created CA Pool \\[projects/demo-fleet/locations/us-central1/caPools/second\\]"),
        ($"privateca pools create second {Fleet} --tier devops", 1, "ALREADY_EXISTS|already exists"),
        ($"privateca roots list --pool pool {Fleet} --format=value(state)", 0, "ENABLED"),
        ($"privateca subordinates create issuing --pool second {Fleet} --subject=CN=issuing,O=x --issuer-pool pool --issuer-location us-central1 --auto-enable", 0, "Created Certificate Authority"),
        ($"privateca subordinates list {Fleet} --format=value(name)", 0, "issuing"),
        ($"privateca subordinates disable issuing --pool second {Fleet}", 0, "Disabled"),
        ($"privateca subordinates delete issuing --pool second {Fleet} --skip-grace-period", 0, "[Dd]elet"),
        ($"privateca templates create workload {Fleet} --copy-sans --no-copy-subject", 0, "Created Certificate Template"),
        ($"privateca pools delete second {Fleet}", 0, "Deleted the CA Pool|[Dd]eleted"),
    ];

    [Fact]
    public async Task Commands_AnswerAsAgainstGoogle()
    {
        await using var gcloud = await Gcloud.StartAsync(Demo(), "demo-fleet");

        // gcloud takes a second of its own for each: lists that have nothing to do with each other go at once.
        var wrong = (await Task.WhenAll(new[] { Fleets, Clusters, Projects, Authorities }.Select(list => WrongAsync(gcloud, list)))).SelectMany(each => each).ToList();

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    private static async Task<List<string>> WrongAsync(Gcloud gcloud, IEnumerable<(string Arguments, int Code, string Output)> commands)
    {
        var wrong = new List<string>();
        foreach (var (arguments, code, output) in commands)
        {
            var (exit, told, errors) = await gcloud.TryAsync(arguments);
            if (exit != code || !Regex.IsMatch(told + errors, output))
            {
                wrong.Add($"gcloud {arguments}\nwanted {code}: {output}\ngot {exit}: {told}{errors}");
            }
        }

        return wrong;
    }

    private static World Demo() => new()
    {
        ServiceAccount = "mesh@demo-fleet.iam.gserviceaccount.com",
        Projects =
        [
            new WorldProject("demo-fleet", 210987654321, "Demo")
            {
                Services = ["container", "gkehub", "connectgateway", "serviceusage", "cloudresourcemanager", "iam", "privateca", "compute", "mesh"],
                Policy = [new WorldBinding("roles/owner", [GoogleFixture.Owner])],
                ServiceAccounts = [new WorldServiceAccount("mesh")],
                CaPools = [new WorldCaPool("us-central1", "pool") { Authorities = [new WorldAuthority("root-1") { Type = "SELF_SIGNED" }] }],
            },
        ],
        Clusters =
        [
            new WorldCluster("demo-fleet", "us-central1", "mesh-a", "default"),
            new WorldCluster("demo-fleet", "us-central1", "mesh-b", "default"),
        ],
    };
}
