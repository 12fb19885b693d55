using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Product.Certificates;
using MeshWorkflow.Tests.Product.Docs;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>
/// Rows S01, S08, S13, S14, S16, S19 to S21 and S23 to S28: the commands of "Install in-cluster Cloud Service Mesh on GKE" as they stand, with values
/// for their placeholders, against a sandbox that the environment leads to.
/// </summary>
public sealed class DocumentTests
{
    // What the document's text says in capitals, and, for each cluster in turn, its name.
    private static readonly (string Placeholder, string Value)[] Values =
    [
        ("FLEET_PROJECT_ID", "demo-fleet"), ("CA_POOL_PROJECT_ID", "demo-apps"), ("PROJECT_ID", "demo-apps"), ("CLUSTER_LOCATION", "us-central1"),
        ("DIR_PATH", "mesh"), ("ca_region", "us-central1"), ("KUBECONFIG_FILE", "$PWD/kubeconfig"), ("OVERLAY_FILE", "overlay.yaml"),
        ("CA_CERT_FILE_PATH", "certs/cluster1/ca-cert.pem"), ("CA_KEY_FILE_PATH", "certs/cluster1/ca-key.pem"),
        ("ROOT_CERT_FILE_PATH", "certs/cluster1/root-cert.pem"), ("CERT_CHAIN_FILE_PATH", "certs/cluster1/cert-chain.pem"),
        ("GATEWAY_NAMESPACE", "istio-ingress"), ("CONFIG_PATH", "mesh/samples/gateways"), ("NAMESPACE", "istio-ingress"), ("REVISION", "asm-1233-2"),
    ];

    private static readonly string[] Installs =
    [
        """
        ./asmcli install \
           --project_id PROJECT_ID \
           --cluster_name c1 \
           --cluster_location CLUSTER_LOCATION \
           --fleet_id FLEET_PROJECT_ID \
           --output_dir DIR_PATH \
           --enable_all \
           --ca mesh_ca
        """,
        """
        ./asmcli install \
          --kubeconfig KUBECONFIG_FILE \
          --fleet_id FLEET_PROJECT_ID \
          --output_dir DIR_PATH \
          --enable_all \
          --ca gcp_cas \
          --platform multicloud \
          --ca_pool  projects/CA_POOL_PROJECT_ID/locations/ca_region/caPools/mesh-pool
        """,
        """
        ./asmcli install \
           --project_id PROJECT_ID \
           --cluster_name c2 \
           --cluster_location CLUSTER_LOCATION \
           --fleet_id FLEET_PROJECT_ID \
           --output_dir DIR_PATH \
           --enable_all \
           --ca citadel \
           --ca_cert CA_CERT_FILE_PATH \
           --ca_key CA_KEY_FILE_PATH \
           --root_cert ROOT_CERT_FILE_PATH \
           --cert_chain CERT_CHAIN_FILE_PATH \
           --option stackdriver
        """,
        """
        ./asmcli install \
        --project_id PROJECT_ID \
        --cluster_name c3 \
        --cluster_location CLUSTER_LOCATION \
        --fleet_id FLEET_PROJECT_ID \
        --output_dir DIR_PATH \
        --enable_all \
        --ca mesh_ca \
        --custom_overlay OVERLAY_FILE
        """,
    ];

    private static readonly string[] Gateways =
    [
        "kubectl create namespace GATEWAY_NAMESPACE",
        "kubectl label namespace GATEWAY_NAMESPACE istio-injection=enabled istio.io/rev-",
        """kubectl get deploy -n istio-system -l app=istiod -o "jsonpath={.items[*].metadata.labels['istio\.io/rev']}{'\n'}" """,
        "kubectl apply -n GATEWAY_NAMESPACE -f CONFIG_PATH/istio-ingressgateway",
        "kubectl -n istio-system get pods -l app=istiod --show-labels",
        "kubectl label namespace NAMESPACE istio-injection- istio.io/rev=REVISION --overwrite",
        "kubectl rollout restart deployment -n NAMESPACE",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_AsTheyStand_Work()
    {
        var world = Authorities.WithOpenPool(3);
        await using var product = await ProductUnderTest.StartAsync(
            world with { Clusters = [.. world.Clusters, new WorldCluster("demo-fleet", "data-centre", "on-prem", "lan") { IsElsewhere = true }] });
        using var shell = new DocShell(product.State.Path);
        Assert.SkipUnless((await shell.RunAsync("command -v kubectl")).ExitCode == 0, "There is no kubectl.");
        File.Copy(product.Sandbox.Addresses.KubeconfigFile, Path.Combine(shell.Folder, "kubeconfig"));
        await File.WriteAllTextAsync(
            Path.Combine(shell.Folder, "overlay.yaml"),
            "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig:\n    accessLogFile: /dev/stdout\n",
            Token);

        await RunAsync(shell, "meshwf certs root --folder certs");
        await RunAsync(shell, "meshwf certs intermediate cluster1 --folder certs");
        await RunAsync(shell, "kubectl config use-context on-prem");
        foreach (var install in Installs)
        {
            await RunAsync(shell, install);
        }

        await RunAsync(shell, "kubectl config use-context gke_demo-apps_us-central1_c1");
        foreach (var command in Gateways)
        {
            var output = await RunAsync(shell, command);
            Assert.True(!command.Contains("istiod", StringComparison.Ordinal) || output.Contains("asm-1233-2", StringComparison.Ordinal), output);
        }

        Assert.Contains("accessLogFile: /dev/stdout", await File.ReadAllTextAsync(Path.Combine(shell.Folder, "mesh/asm-1233-2-manifest-raw.yaml"), Token), StringComparison.Ordinal);
        Assert.Contains(product.Sandbox.Snapshot().Resources.Keys, key => key.EndsWith("/secrets/cacerts", StringComparison.Ordinal) && key.Contains("/c2/", StringComparison.Ordinal));
    }

    private static async Task<string> RunAsync(DocShell shell, string command)
    {
        var filled = Values.Aggregate(command, (text, value) => text.Replace(value.Placeholder, value.Value, StringComparison.Ordinal));
        var (exitCode, output) = await shell.RunAsync(filled, ("KUBECONFIG", Path.Combine(shell.Folder, "kubeconfig")));
        Assert.True(exitCode == 0, $"{filled}\nended with {exitCode}:\n{output}");
        return output;
    }
}
