using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Tests.Product.Rollouts;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>The document's installs, each as it stands: planned, applied, verified, told and undone.</summary>
/// <param name="document">The shell, and the sandbox behind it.</param>
public sealed class DocumentInstallTests(DocumentProduct document) : IClassFixture<DocumentProduct>
{
    private const string Gke = """
           --project_id PROJECT_ID \
           --cluster_name CLUSTER_NAME \
           --cluster_location CLUSTER_LOCATION \
           --fleet_id FLEET_PROJECT_ID \
           --output_dir DIR_PATH \
           --enable_all \
        """;

    private const string Citadel = """
           --ca citadel \
           --ca_cert CA_CERT_FILE_PATH \
           --ca_key CA_KEY_FILE_PATH \
           --root_cert ROOT_CERT_FILE_PATH \
           --cert_chain CERT_CHAIN_FILE_PATH
        """;

    private const string CaService = """
          --kubeconfig KUBECONFIG_FILE \
          --fleet_id FLEET_PROJECT_ID \
          --output_dir DIR_PATH \
          --enable_all \
          --ca gcp_cas \
          --platform multicloud \
          --ca_pool  projects/CA_POOL_PROJECT_ID/locations/ca_region/caPools/CA_POOL
        """;

    /// <summary>Each row, the cluster that it is for, the flags as they stand, and what the control plane is rendered from then.</summary>
    public static TheoryData<string, string, string, string> Installs { get; } = new()
    {
        { "S01, S13, S14", "c1", $"{Gke}\n   --ca mesh_ca", "meshca.googleapis.com:443" },
        { "S16", "on-prem", CaService, "CA_PROVIDER: GoogleCAS" },
        { "S16, template", "on-prem", $"{CaService}:projects/CA_POOL_PROJECT_ID/locations/ca_region/certificateTemplates/CERT_TEMPLATE_ID", "certificateTemplates/workload" },
        { "S19", "c2", $"{Gke}\n{Citadel}", "CA_PROVIDER: Citadel" },
        { "S20", "c3", $"{Gke}\n{Citadel} \\\n   --option stackdriver", "CA_PROVIDER: Citadel" },
        { "S21", "c5", $"{Gke}\n   --ca mesh_ca \\\n   --custom_overlay OVERLAY_FILE", "accessLogFile: /dev/stdout" },
    };

    [Theory]
    [MemberData(nameof(Installs))]
    public async Task Install_AsItStands_IsPlannedAppliedVerifiedToldAndUndone(string row, string cluster, string flags, string rendered)
    {
        Assert.StartsWith("S", row, StringComparison.Ordinal);
        flags = flags.Replace("CLUSTER_NAME", cluster, StringComparison.Ordinal);
        if (cluster == "on-prem")
        {
            await document.NeedAsync("kubectl");
            await document.RunAsync("kubectl config use-context on-prem");
        }

        var sandbox = document.Product.Sandbox;
        var before = sandbox.Snapshot();
        var plan = await document.RunAsync($"./asmcli plan \\\n{flags}");
        Assert.Contains(cluster, plan, StringComparison.Ordinal);
        Assert.Equal(cluster == "on-prem", plan.Contains("SLO_NEEDS_LOGGING", StringComparison.Ordinal));
        Assert.Empty(WorldDiff.Compare(before, sandbox.Snapshot()));

        await document.RunAsync($"./asmcli install \\\n{flags}");
        Assert.Contains(sandbox.Snapshot().Resources.Keys, key => key.Contains($"/{cluster}/", StringComparison.Ordinal) && key.EndsWith("/deployments/istiod-asm-1233-2", StringComparison.Ordinal));
        Assert.Contains(rendered, await File.ReadAllTextAsync(Path.Combine(document.Folder, $"{DocumentProduct.Mesh}/asm-1233-2-manifest-raw.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await document.RunAsync($"./asmcli plan --detailed-exitcode \\\n{flags}");
        await document.RunAsync($"./asmcli validate \\\n{flags.Replace("--enable_all", "--disable_ui", StringComparison.Ordinal)}");
        Assert.Contains("Succeeded", await document.RunAsync($"meshwf status {cluster}"), StringComparison.Ordinal);

        await document.RunAsync($"meshwf rollback {cluster}", expected: 5);
        Requests.AssertAsBefore(before, sandbox.Snapshot());
    }
}
