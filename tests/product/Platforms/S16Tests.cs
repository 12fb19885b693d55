using System.Text;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Platforms;

/// <summary>One request with clusters on Google Cloud and elsewhere, each reached its own way and on its own network; and all of it undone (S12, S16).</summary>
public sealed class S16Tests
{
    private const string Elsewhere = "//container.googleapis.com/projects/demo-fleet/locations/elsewhere/clusters/onprem-1";

    [Fact]
    public async Task Install_ClustersOfAllKinds_AreMeshedOnTheirNetworksAndUndoneExactly()
    {
        var world = Fleets.Of(2);
        await using var product = await ProductUnderTest.StartProcessAsync(world with
        {
            Clusters =
            [
                .. world.Clusters,
                new WorldCluster("demo-fleet", "elsewhere", "onprem-1", "default") { IsElsewhere = true },
                new WorldCluster("demo-fleet", "elsewhere", "onprem-2", "default") { IsElsewhere = true, IssuerElsewhere = "https://kubernetes.default.svc" },
            ],
        });
        var before = product.Sandbox.Snapshot();
        await AssertPlannedAsync(product, Request(product.Sandbox.Addresses.KubeconfigFile));
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());

        var ended = await product.RunAsync(Request(product.Sandbox.Addresses.KubeconfigFile));

        Assert.True(ended.Rollout.State is RolloutState.Succeeded, string.Join('\n', ended.Clusters.Select(cluster => $"{cluster.Name} {cluster.State} {cluster.Message}")));
        var after = product.Sandbox.Snapshot();
        Assert.Equal("demo-apps-vpc-apps", NetworkOf(after, Fleets.Resource("c1")));
        Assert.Equal("island-west", NetworkOf(after, Fleets.Resource("c2")));
        Assert.Equal("default", NetworkOf(after, Elsewhere));
        var membership = after.Resources["//gkehub.googleapis.com/projects/demo-fleet/locations/global/memberships/onprem-1"];
        Assert.Equal("https://onprem-1.oidc.example.com", membership["authority"]!["issuer"]!.GetValue<string>());
        var inside = after.Resources["//gkehub.googleapis.com/projects/demo-fleet/locations/global/memberships/onprem-2"]["authority"]!;
        Assert.Equal("https://kubernetes.default.svc", inside["issuer"]!.GetValue<string>());
        Assert.NotNull(inside["oidcJwks"]);
        Assert.Equal("island-east", NetworkOf(after, Elsewhere.Replace("onprem-1", "onprem-2", StringComparison.Ordinal)));
        Assert.Equal("proj-210987654321", membership["labels"]!["mesh_id"]!.GetValue<string>());

        foreach (var (cluster, network) in new[] { (Fleets.Resource("c1"), "demo-apps-vpc-apps"), (Fleets.Resource("c2"), "island-west"), (Elsewhere, "default") })
        {
            Assert.Contains($"\"network\":\"{network}\"", ValuesOf(after, cluster), StringComparison.Ordinal);
        }

        await product.RollBackAsync(ended.Rollout.Id);
        var undone = await product.EndAsync(ended.Rollout.Id);

        Assert.Equal(RolloutState.Compensated, undone.Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());

        await product.KillAsync();
        AssertNoKey(product, File.ReadAllText(product.Sandbox.Addresses.KubeconfigFile));
    }

    [Fact]
    public async Task Unlock_ClusterElsewhere_MayBeTakenByAnother()
    {
        await using var product = await ProductUnderTest.StartAsync(World.Demo with
        {
            Clusters = [new WorldCluster("demo-fleet", "elsewhere", "onprem-1", "default") { IsElsewhere = true }],
        });
        var kubeconfig = product.Sandbox.Addresses.KubeconfigFile;
        product.Sandbox.Order(new FaultSpec { Match = new CallMatch("gkehub", "memberships.patch"), Times = 1 });
        var held = await product.RunAsync(Alone(kubeconfig, "held", "  rollout: { onFailure: hold }"));
        Assert.Equal(RolloutState.CompletedWithFailures, held.Rollout.State);
        var other = await product.RunAsync(Alone(kubeconfig, "other"));
        Assert.Equal("CLUSTER_OWNED", Assert.Single(other.Clusters).Reason);

        var (refused, why) = await ProductProcess.RunAsync(["unlock", "demo-fleet/global/onprem-1", "--state", product.State.Path]);
        var (exitCode, output) = await ProductProcess.RunAsync(
            ["unlock", "demo-fleet/global/onprem-1", "--kubeconfig", kubeconfig, "--context", "onprem-1", "--state", product.State.Path]);
        var again = await product.RunAsync(Alone(kubeconfig, "other"));

        Assert.True(refused == 2 && why.Contains("kubeconfig", StringComparison.Ordinal), why);
        Assert.True(exitCode == 0, output);
        Assert.Equal(RolloutState.Succeeded, again.Rollout.State);
    }

    // Neither as the kubeconfig has it, nor as the key itself.
    private static void AssertNoKey(ProductUnderTest product, string kubeconfig)
    {
        var encoded = kubeconfig.Split("client-key-data: ")[1].Split('\n')[0].Trim();
        var key = Encoding.ASCII.GetString(Convert.FromBase64String(encoded)).Split('\n')[1];
        var places = Directory.EnumerateFiles(product.State.Path, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .Where(file => !file.StartsWith(Path.GetDirectoryName(product.Sandbox.Addresses.KubeconfigFile)!, StringComparison.Ordinal))
            .Select(ReadShared)
            .Append(product.Output);
        Assert.All(places, text =>
        {
            Assert.DoesNotContain(encoded, text, StringComparison.Ordinal);
            Assert.DoesNotContain(key, text, StringComparison.Ordinal);
        });
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private static string? NetworkOf(WorldSnapshot world, string cluster) =>
        world.Resources[$"{cluster}/k8s/namespaces/istio-system"]["metadata"]!["labels"]!["topology.istio.io/network"]!.GetValue<string>();

    private static string ValuesOf(WorldSnapshot world, string cluster) => world.Resources[
        $"{cluster}/k8s/namespaces/istio-system/configmaps/istio-sidecar-injector-asm-1233-2"]["data"]!["values"]!.GetValue<string>();

    private static string Request(string kubeconfig) => Request(
        "kinds",
        "{ project: demo-apps, location: us-central1, name: c1 }",
        $$"""{ project: demo-apps, location: us-central1, name: c2, kubeconfig: "{{kubeconfig}}", context: gke_demo-apps_us-central1_c2, networkId: island-west }""",
        OnPremises(kubeconfig),
        $$"""{ platform: multicloud, name: onprem-2, kubeconfig: "{{kubeconfig}}", context: onprem-2, privateIssuer: true, networkId: island-east }""");

    private static async Task AssertPlannedAsync(ProductUnderTest product, string request)
    {
        using var client = product.Client();
        var plan = await client.PlanAsync(request, TestContext.Current.CancellationToken);
        Assert.Empty(plan.Problems);
        Assert.All(
            ["onprem-1", "onprem-2"],
            name => Assert.Contains(
                plan.Scopes.Single(scope => scope.Scope == $"cluster/demo-fleet/global/{name}").Steps,
                step => step.Step == "fleet-membership" && step.Changes.Any(change => change.Action == "create" && change.Resource.EndsWith($"/memberships/{name}", StringComparison.Ordinal))));
    }

    private static string Alone(string kubeconfig, string name, string more = "") => $"{Request(name, OnPremises(kubeconfig))}\n{more}";

    private static string OnPremises(string kubeconfig) => $$"""{ platform: multicloud, name: onprem-1, kubeconfig: "{{kubeconfig}}", context: onprem-1 }""";

    private static string Request(string name, params string[] clusters) => $$"""
        apiVersion: meshworkflow.dev/v1
        kind: FleetInstall
        metadata: { name: {{name}} }
        spec:
          fleet: { project: demo-fleet }
          mesh: { version: 1.23.3-asm.2 }
          certificateAuthority: { type: mesh_ca }
          enable: { all: true }
          control: { pollEvery: 100ms }
          clusters: [{{string.Join(", ", clusters)}}]
        """;
}
