using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>S16: CA Service for a cluster that is not on Google Cloud, by its kubeconfig; the guide's command does the same.</summary>
public sealed class S16Tests
{
    private const string Cluster = "//container.googleapis.com/projects/demo-fleet/locations/elsewhere/clusters/onprem-1/k8s/namespaces/istio-system";

    [Fact]
    public async Task Install_ClusterElsewhere_IsSignedByThePoolAndUndoneWhole()
    {
        await using var product = await ProductUnderTest.StartAsync(Elsewhere());
        var before = product.Sandbox.Snapshot();
        var request = $"""
            apiVersion: meshworkflow.dev/v1
            kind: FleetInstall
            metadata: {"{"} name: onprem {"}"}
            spec:
              fleet: {"{"} project: demo-fleet {"}"}
              mesh: {"{"} version: 1.23.3-asm.2 {"}"}
              certificateAuthority: {"{"} type: gcp_cas, caPool: '{Authorities.Pool}', enablePolicy: true {"}"}
              enable: {"{"} all: true {"}"}
              clusters:
                - {"{"} platform: multicloud, name: onprem-1, kubeconfig: {product.Sandbox.Addresses.KubeconfigFile}, context: onprem-1 {"}"}
            """;

        var ended = await product.RunAsync(request);

        Assert.True(ended.Rollout.State is RolloutState.Succeeded, string.Join('\n', ended.Clusters.Concat(ended.Scopes).Select(one => $"{one.Scope} {one.State} {one.Reason} {one.Message}")));
        var world = product.Sandbox.Snapshot();
        Assert.Contains("CA_PROVIDER: GoogleCAS", world.Resources[$"{Cluster}/configmaps/istio-asm-1233-2"]["data"]!["mesh"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(Authorities.Member, world.Resources[$"{Authorities.PoolResource}/iamPolicy"].ToJsonString(), StringComparison.Ordinal);

        Assert.Equal(Authorities.SelfMade(product, Cluster), Authorities.Shown(product, Cluster));
        await product.RollBackAsync(ended.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(ended.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_TheGuidesCommand_DoesTheSame()
    {
        await using var product = await ProductUnderTest.StartAsync(Elsewhere());

        var (exitCode, output) = await ProductProcess.RunAsync(
        [
            "install", "--kubeconfig", product.Sandbox.Addresses.KubeconfigFile, "--context", "onprem-1", "--fleet_id", "demo-fleet", "--enable_all",
            "--ca", "gcp_cas", "--platform", "multicloud", "--ca_pool", $"{Authorities.Pool}:{Authorities.Template}", "--state", product.State.Path,
        ]);

        Assert.True(exitCode == 0, output);
        var world = product.Sandbox.Snapshot();
        Assert.Contains($"{Authorities.Pool}:{Authorities.Template}", world.Resources[$"{Cluster}/configmaps/istio-sidecar-injector-asm-1233-2"].ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(Authorities.Member, world.Resources[$"//privateca.googleapis.com/{Authorities.Template}/iamPolicy"].ToJsonString(), StringComparison.Ordinal);
        Assert.Null(world.Resources[Authorities.PoolResource]["issuancePolicy"]);
    }

    private static World Elsewhere()
    {
        var world = Authorities.WithPool(0);
        return world with { Clusters = [new WorldCluster("demo-fleet", "elsewhere", "onprem-1", "default") { IsElsewhere = true }] };
    }
}
