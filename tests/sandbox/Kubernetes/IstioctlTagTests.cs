using System.Diagnostics;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

/// <summary>Row S27: revision tags by the package's stand-in for istioctl.</summary>
/// <param name="plane">A cluster with two revisions.</param>
public sealed class IstioctlTagTests(TwoRevisions plane) : IClassFixture<TwoRevisions>
{
    [Fact]
    public async Task Tag_SetListMoveRemove_AreWhatInjectionGoesBy()
    {
        Assert.Equal((0, "No Istio revision tag MutatingWebhookConfigurations to list\n"), await plane.RunAsync("tag list"));

        var (code, output) = await plane.RunAsync("tag set default --revision r1");
        Assert.True(code == 0, output);
        Assert.Contains("Revision tag \"default\" created, referencing control plane revision \"r1\"", output, StringComparison.Ordinal);
        await plane.RunAsync("tag set prod -r r1");
        await plane.Kubectl.RunAsync("create namespace shop");
        await plane.Kubectl.RunAsync("label namespace shop istio-injection=enabled");
        Assert.Equal((0, "TAG     REVISION NAMESPACES\ndefault r1       shop\nprod    r1       \n"), await plane.RunAsync("tag list"));
        Assert.Equal("validation.istio.io", await plane.Kubectl.RunAsync("get validatingwebhookconfiguration istiod-default-validator -o jsonpath={.webhooks[0].name}"));

        var (again, why) = await plane.RunAsync("tag set default --revision r2");
        Assert.Equal((1, "Error: revision tag \"default\" already exists, and --overwrite is false\n"), (again, why));
        await plane.RunAsync("tag set default --revision r2 --overwrite");
        Assert.Contains("""{"tag":"default","revision":"r2","namespaces":["shop"]}""", (await plane.RunAsync("tag list -o json")).Output, StringComparison.Ordinal);
        Assert.Equal("istiod-r2", await plane.Kubectl.RunAsync("get mutatingwebhookconfiguration istio-revision-tag-default -o jsonpath={.webhooks[0].clientConfig.service.name}"));

        // Nobody says yes to the question whether shop is meant, too.
        Assert.Contains("found 1 namespace(s) still injected by tag \"default\": [shop]", (await plane.RunAsync("tag remove default")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "Revision tag default removed\n"), await plane.RunAsync("tag remove default -y"));
        Assert.Equal((0, "TAG  REVISION NAMESPACES\nprod r1       \n"), await plane.RunAsync("tag list"));

        // The next test begins as this one did.
        await plane.RunAsync("tag remove prod");
    }

    [Fact]
    public async Task Tag_Generate_IsWhatSetWouldWriteAndWritesNothing()
    {
        var (_, generated) = await plane.RunAsync("tag generate canary --revision=r2");

        Assert.Contains("name: istio-revision-tag-canary", generated, StringComparison.Ordinal);
        Assert.Contains("No Istio revision tag", (await plane.RunAsync("tag list")).Output, StringComparison.Ordinal);
        await plane.Kubectl.RunAsync("apply -f -", generated);
        Assert.Equal("TAG    REVISION NAMESPACES\ncanary r2       \n", (await plane.RunAsync("tag list")).Output);
        await plane.RunAsync("tag remove canary");
    }

    [Theory]
    [InlineData("tag set prod", "required flag(s) \"revision\" not set")]
    [InlineData("tag set --revision r1", "must provide a tag for modification")]
    [InlineData("tag set prod --revision r9", "cannot modify tag: cannot find MutatingWebhookConfiguration with revision \"r9\"")]
    [InlineData("tag set r2 --revision r1", "cannot create revision tag \"r2\": found existing control plane revision with same name")]
    [InlineData("tag remove none", "cannot remove tag \"none\": cannot find MutatingWebhookConfiguration for tag")]
    [InlineData("tag list --nothing", "unknown flag: --nothing")]
    [InlineData("tag list --context none", "the kubeconfig has no context \"none\"")]
    public async Task Tag_ThatCannotBe_IsRefused(string arguments, string why) => Assert.Equal((1, $"Error: {why}\n"), await plane.RunAsync(arguments));
}

/// <summary>A cluster with two revisions' webhooks, and the stand-in pointed at it.</summary>
public sealed class TwoRevisions : IAsyncLifetime
{
    private const string Plane = """
        apiVersion: install.istio.io/v1alpha1
        kind: IstioOperator
        spec: { components: { pilot: { enabled: true } } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("istioctl-").FullName;
    private ClusterUnderTest _cluster = null!;

    internal Kubectl Kubectl { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterUnderTest.StartAsync();
        Kubectl = new Kubectl(_cluster);
        await Kubectl.RunAsync("create namespace istio-system");
        await File.WriteAllTextAsync(Path.Combine(_folder, "plane.yaml"), Plane);
        foreach (var revision in (string[])["r1", "r2"])
        {
            var (_, manifests) = await RunAsync($"manifest generate -f {_folder}/plane.yaml --set revision={revision}", isCluster: false);
            await Kubectl.RunAsync("apply -f -", string.Join("---\n", manifests.Split("---\n").Where(one => one.Contains("kind: MutatingWebhook", StringComparison.Ordinal))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kubectl?.Dispose();
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal async Task<(int Code, string Output)> RunAsync(string arguments, bool isCluster = true)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "MeshWorkflow.Sandbox.Istioctl.dll"), .. arguments.Split(' ')])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = isCluster ? Kubectl.Config : "";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("istioctl did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
