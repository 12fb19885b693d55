using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Tests.Product.Rollouts;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Row S08: <c>--output_dir</c> keeps istioctl, samples and manifests; and S03, an install from what was kept.</summary>
public sealed class S08Tests : IDisposable
{
    private static readonly string[] Cluster = ["-p", "demo-apps", "-n", "c1", "-l", "us-central1", "--fleet_id", "demo-fleet"];
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-output-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Install_OutputDirThenOffline_KeepsAllAndInstallsFromIt()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        string[] state = ["--state", product.State.Path];
        var kept = Path.Combine(_folder, "kept");
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), kept);

        var (exitCode, output) = await ProductProcess.RunAsync(["install", .. Cluster, "--enable_all", "-o", "envoy-access-log", "-D", relative, .. state]);

        Assert.True(exitCode == 0, output);
        foreach (var name in (string[])["istioctl", "istio-1.23.3-asm.2/bin/istioctl", "istio-1.23.3-asm.2/manifests", "asm/istio/options/stackdriver.yaml", "samples/gateways", ".asm_version", PackageManifest.FileName])
        {
            Assert.True(Path.Exists(Path.Combine(kept, name)), name);
        }

        Assert.Contains("accessLogFile: /dev/stdout", await File.ReadAllTextAsync(Path.Combine(kept, "asm-1233-2-manifest-raw.yaml"), Token), StringComparison.Ordinal);
        Assert.Contains("istiod-asm-1233-2", await File.ReadAllTextAsync(Path.Combine(kept, "asm-1233-2-manifest-expanded.yaml"), Token), StringComparison.Ordinal);

        // The same again, with nothing to be downloaded and another cluster: options as before.
        string[] other = ["install", "-p", "demo-apps", "-n", "c2", "-l", "us-central1", "--fleet_id", "demo-fleet", "--enable_all", "-o", "envoy-access-log"];
        var (offline, told) = await ProductProcess.RunAsync([.. other, "--offline", "-D", kept, .. state]);
        Assert.True(offline == 0, told);
        Assert.Contains("accessLogFile: /dev/stdout", await File.ReadAllTextAsync(Path.Combine(kept, "asm-1233-2-manifest-raw.yaml"), Token), StringComparison.Ordinal);

        File.Delete(Path.Combine(kept, "asm/canonical-service/controller.yaml"));
        var (refused, why) = await ProductProcess.RunAsync([.. other, "--offline", "-D", kept, .. state]);
        Assert.Equal(3, refused);
        Assert.Contains("lacks asm/canonical-service/controller.yaml", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_OutputDirOfAFleet_KeepsAFolderForEachCluster()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));
        var request = Path.Combine(_folder, "request.yaml");
        await File.WriteAllTextAsync(request, Fleets.Request(2), Token);
        var kept = Path.Combine(_folder, "kept");

        var (exitCode, output) = await ProductProcess.RunAsync(["install", "--file", request, "-D", kept, "--state", product.State.Path]);

        Assert.True(exitCode == 0, output);
        foreach (var cluster in (string[])["c1", "c2"])
        {
            var folder = Path.Combine(kept, "clusters", $"demo-apps_us-central1_{cluster}");
            Assert.Contains($"cn-demo-apps-us-central1-{cluster}", await File.ReadAllTextAsync(Path.Combine(folder, "asm-1233-2-manifest-raw.yaml"), Token), StringComparison.Ordinal);
            Assert.Contains($"cn-demo-apps-us-central1-{cluster}", await File.ReadAllTextAsync(Path.Combine(folder, "asm-1233-2-manifest-expanded.yaml"), Token), StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Path.Combine(kept, "istioctl")));
        Assert.False(File.Exists(Path.Combine(kept, "asm-1233-2-manifest-raw.yaml")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
