using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Product.Certificates;
using MeshWorkflow.Tests.Product.Docs;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>
/// A shell in which the commands of "Install in-cluster Cloud Service Mesh on GKE" run as they stand, with values for their placeholders: the
/// program is ours, and the sandbox is what its environment leads to.
/// </summary>
public sealed class DocumentProduct : IAsyncLifetime
{
    /// <summary>The folder that the document calls DIR_PATH.</summary>
    public const string Mesh = "mesh";

    // What the document's text says in capitals; longer ones first, for some have others in them.
    private static readonly (string Placeholder, string Value)[] Values =
    [
        ("FLEET_PROJECT_ID", "demo-fleet"), ("CA_POOL_PROJECT_ID", "demo-apps"), ("PROJECT_ID", "demo-apps"), ("CLUSTER_LOCATION", "us-central1"),
        ("DIR_PATH", Mesh), ("ca_region", "us-central1"), ("KUBECONFIG_FILE", "$PWD/kubeconfig"), ("OVERLAY_FILE", "overlay.yaml"),
        ("CA_CERT_FILE_PATH", "certs/cluster1/ca-cert.pem"), ("CA_KEY_FILE_PATH", "certs/cluster1/ca-key.pem"),
        ("ROOT_CERT_FILE_PATH", "certs/cluster1/root-cert.pem"), ("CERT_CHAIN_FILE_PATH", "certs/cluster1/cert-chain.pem"),
        ("CERT_TEMPLATE_ID", "workload"), ("CONFIG_PATH", $"{Mesh}/samples/gateways"), ("CA_POOL", "mesh-pool"), ("REVISION", "asm-1233-2"),
    ];

    private DocShell _shell = null!;
    private Task? _installed;

    internal ProductUnderTest Product { get; private set; } = null!;

    /// <summary>Where the commands run.</summary>
    internal string Folder => _shell.Folder;

    public async ValueTask InitializeAsync()
    {
        var world = Authorities.WithOpenPool(5);
        Product = await ProductUnderTest.StartAsync(
            world with { Clusters = [.. world.Clusters, new WorldCluster("demo-fleet", "data-centre", "on-prem", "lan") { IsElsewhere = true }] });
        _shell = new DocShell(Product.State.Path);
        File.Copy(Product.Sandbox.Addresses.KubeconfigFile, Path.Combine(Folder, "kubeconfig"));
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "overlay.yaml"),
            "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig:\n    accessLogFile: /dev/stdout\n");
        await RunAsync("meshwf certs root --folder certs");
        await RunAsync("meshwf certs intermediate cluster1 --folder certs");
    }

    /// <summary>Installs on c1 as the document does first; once for all tests.</summary>
    internal Task InstallAsync() => _installed ??= RunAsync(
        "./asmcli install --project_id PROJECT_ID --cluster_name c1 --cluster_location CLUSTER_LOCATION --fleet_id FLEET_PROJECT_ID --output_dir DIR_PATH --enable_all --ca mesh_ca");

    /// <summary>Runs a command to its end, which must be as expected.</summary>
    /// <param name="command">The command, with the document's placeholders.</param>
    /// <param name="expected">Its exit code.</param>
    internal async Task<string> RunAsync(string command, int expected = 0)
    {
        var filled = Values.Aggregate(command, (text, value) => text.Replace(value.Placeholder, value.Value, StringComparison.Ordinal));
        var (exitCode, output) = await _shell.RunAsync(filled, ("KUBECONFIG", Path.Combine(Folder, "kubeconfig")));
        Assert.True(exitCode == expected, $"{filled}\nended with {exitCode}:\n{output}");
        return output;
    }

    /// <summary>Skips the test where tools of others are missing.</summary>
    internal async Task NeedAsync(params string[] tools)
    {
        foreach (var tool in tools)
        {
            Assert.SkipUnless((await _shell.RunAsync($"command -v {tool}")).ExitCode == 0, $"There is no {tool}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        await Product.DisposeAsync();
    }
}
