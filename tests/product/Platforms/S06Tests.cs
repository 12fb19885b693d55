using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Tests.Services.Preflight;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Platforms;

/// <summary>S06 by asmcli's flags: a context of Connect Gateway, whose cluster the services look up, and an HTTPS proxy.</summary>
public sealed class S06Tests
{
    [Fact]
    public async Task Install_ContextOfConnectGateway_FindsTheClusterAndGoesThroughGoogleAlone()
    {
        var world = Fleets.Of(1);
        await using var product = await ProductUnderTest.StartAsync(world with
        {
            Clusters = [world.Clusters[0] with { Quirks = [WorldQuirks.EndpointClosed], Membership = new WorldMembership("demo-fleet", "the-first", "us-central1") }],
        });
        var (kubeconfig, before) = (GatewayContext(product, "the-first"), product.Sandbox.Snapshot());

        var (exitCode, output) = await ProductProcess.RunAsync(
            ["install", "--kubeconfig", kubeconfig, "--enable_all", "--ca", "mesh_ca", "--name", "through", "--state", product.State.Path]);

        Assert.True(exitCode == 0, output);
        var cluster = product.Sandbox.Journal().Where(entry => entry.Api == "kubernetes" && entry.Principal.StartsWith("serviceAccount:meshworkflow@", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(cluster);
        Assert.All(cluster, entry => Assert.StartsWith("/connectgateway/", entry.Path, StringComparison.Ordinal));
        using var client = product.Client();
        var ended = await client.ReadAsync("through-g1", TestContext.Current.CancellationToken);
        Assert.Equal("cluster/demo-apps/us-central1/c1", Assert.Single(ended.Clusters).Scope.ToString());
        Assert.Single(product.Sandbox.Snapshot().Resources, resource => resource.Key.StartsWith("//gkehub.googleapis.com/projects/demo-fleet/locations/us-central1/memberships/", StringComparison.Ordinal));

        await product.RollBackAsync(ended.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(ended.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_ContextOfAMembershipThatIsNot_IsAMistakeOfTheRequestAndNothingIsBegun()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));

        var (exitCode, output) = await ProductProcess.RunAsync(
            ["install", "--kubeconfig", GatewayContext(product, "gone"), "--ca", "mesh_ca", "--state", product.State.Path]);

        Assert.True(exitCode == 2, output);
        Assert.Contains("MEMBERSHIP_NOT_FOUND", output, StringComparison.Ordinal);
        Assert.Contains("spec.clusters[0].member", output, StringComparison.Ordinal);
        Assert.Empty(product.Writes());
    }

    [Fact]
    public async Task Install_HttpsProxy_IsTheOnlyWayToTheCluster()
    {
        await using var proxy = new ConnectProxy();
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));

        var (exitCode, output) = await ProductProcess.RunAsync([.. Install(product), "--https_proxy", proxy.Address]);

        Assert.True(exitCode == 0, output);
        Assert.NotEmpty(proxy.Targets);
        Assert.All(proxy.Targets, target => Assert.Equal(product.Sandbox.Addresses.Clusters[0].Server.Authority, target));
    }

    [Fact]
    public async Task Install_HttpsProxyThatRefuses_IsToldByPreflightAndNothingIsWritten()
    {
        await using var proxy = new ConnectProxy { Refuses = true };
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));

        var (exitCode, output) = await ProductProcess.RunAsync([.. Install(product), "--https_proxy", proxy.Address]);

        Assert.True(exitCode == 3, output);
        Assert.Contains("API_SERVER_UNREACHABLE", output, StringComparison.Ordinal);
        Assert.Empty(product.Writes());
    }

    private static IEnumerable<string> Install(ProductUnderTest product) =>
    [
        "install", "-p", "demo-apps", "-l", "us-central1", "-n", "c1", "--fleet_id", "demo-fleet", "--enable_all", "--ca", "mesh_ca", "--state", product.State.Path,
    ];

    // As 'gcloud container fleet memberships get-credentials' writes it.
    private static string GatewayContext(ProductUnderTest product, string membership)
    {
        var (file, context) = (Path.Combine(product.State.Path, "gateway.yaml"), $"connectgateway_demo-fleet_us-central1_{membership}");
        File.WriteAllText(file, $$"""
            apiVersion: v1
            kind: Config
            current-context: {{context}}
            clusters: [{ name: {{context}}, cluster: { server: "https://connectgateway.googleapis.com/" } }]
            contexts: [{ name: {{context}}, context: { cluster: {{context}}, user: {{context}} } }]
            users: [{ name: {{context}}, user: { exec: { apiVersion: client.authentication.k8s.io/v1beta1, command: gke-gcloud-auth-plugin } } }]
            """);
        return file;
    }
}
