namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>The document's commands after an install, each as it stands: gateways, labels, tags, restarts.</summary>
/// <param name="document">The shell, and the sandbox behind it.</param>
public sealed class DocumentNamespaceTests(DocumentProduct document) : IClassFixture<DocumentProduct>, IAsyncLifetime
{
    private const string Revision = "asm-1233-2";

    // In the order in which the document says that they are told.
    private static readonly string[] Gateway =
    [
        "deployment.apps/istio-ingressgateway created",
        "poddisruptionbudget.policy/istio-ingressgateway created",
        "horizontalpodautoscaler.autoscaling/istio-ingressgateway created",
        "role.rbac.authorization.k8s.io/istio-ingressgateway created",
        "rolebinding.rbac.authorization.k8s.io/istio-ingressgateway created",
        "service/istio-ingressgateway created",
        "serviceaccount/istio-ingressgateway created",
    ];

    public async ValueTask InitializeAsync()
    {
        await document.NeedAsync("kubectl");
        await document.RunAsync("kubectl config use-context gke_demo-apps_us-central1_c1");
        await document.InstallAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task S22_CreateNamespace_MakesIt() =>
        Assert.Contains("namespace/gw-of-s22 created", await In("gw-of-s22", "kubectl create namespace GATEWAY_NAMESPACE"), StringComparison.Ordinal);

    [Fact]
    public async Task S23_DefaultLabel_ReplacesTheRevisionLabel()
    {
        await In("gw-default", "kubectl create namespace GATEWAY_NAMESPACE && kubectl label namespace GATEWAY_NAMESPACE istio.io/rev=old");

        await In("gw-default", "kubectl label namespace GATEWAY_NAMESPACE istio-injection=enabled istio.io/rev-");

        Assert.Equal("enabled,", await LabelsAsync("gw-default"));
    }

    [Fact]
    public async Task S23_RevisionLabel_IsSet()
    {
        await In("gw-revision", "kubectl create namespace GATEWAY_NAMESPACE");

        var output = await In("gw-revision", """
            kubectl label namespace GATEWAY_NAMESPACE \
              istio.io/rev=REVISION --overwrite
            """);

        Assert.Contains("namespace/gw-revision labeled", output, StringComparison.Ordinal);
        Assert.Equal($",{Revision}", await LabelsAsync("gw-revision"));
    }

    [Fact]
    public async Task S24_RevisionOfIstiod_IsTold()
    {
        var deployment = await document.RunAsync("""
            kubectl get deploy -n istio-system -l app=istiod -o \
              "jsonpath={.items[*].metadata.labels['istio\.io/rev']}{'\n'}"
            """);
        var pods = await document.RunAsync("kubectl -n istio-system get pods -l app=istiod --show-labels");

        Assert.Equal(Revision, deployment.Trim());
        Assert.Contains($"istio.io/rev={Revision}", pods, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S25_SampleGateway_IsSevenObjectsAndRuns()
    {
        await In("gw-sample", "kubectl create namespace GATEWAY_NAMESPACE && kubectl label namespace GATEWAY_NAMESPACE istio-injection=enabled istio.io/rev-");

        var output = await In("gw-sample", """
            kubectl apply -n GATEWAY_NAMESPACE \
              -f CONFIG_PATH/istio-ingressgateway
            """);

        Assert.Equal(Gateway.Order(), output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order());
        await In("gw-sample", "kubectl -n GATEWAY_NAMESPACE rollout status deployment istio-ingressgateway --timeout=60s");
        Assert.Contains("istio-proxy", await In("gw-sample", "kubectl -n GATEWAY_NAMESPACE get pods -o jsonpath={.items[*].spec.containers[*].name}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S27_TagList_ShowsTheDefaultTagOnTheNewRevision()
    {
        await In("tag-default", "kubectl create namespace NAMESPACE && kubectl label namespace NAMESPACE istio-injection=enabled istio.io/rev-");

        var lines = (await document.RunAsync("DIR_PATH/istioctl tag list")).Split('\n');

        Assert.Matches("^TAG +REVISION +NAMESPACES$", lines[0]);
        Assert.Matches($"^default +{Revision} +.*tag-default", lines[1]);
    }

    [Fact]
    public async Task S27_RevisionLabel_ReplacesTheDefaultLabel()
    {
        await In("app-revision", "kubectl create namespace NAMESPACE && kubectl label namespace NAMESPACE istio-injection=enabled");

        await In("app-revision", "kubectl label namespace NAMESPACE istio-injection- istio.io/rev=REVISION --overwrite");

        Assert.Equal($",{Revision}", await LabelsAsync("app-revision"));
    }

    [Fact]
    public async Task S28_RollingRestart_BringsTheProxies()
    {
        await In("app-restart", "kubectl create namespace NAMESPACE && kubectl -n NAMESPACE create deployment web --image=registry.example.com/web:1");
        await In("app-restart", "kubectl -n NAMESPACE rollout status deployment web --timeout=60s");
        await In("app-restart", "kubectl label namespace NAMESPACE istio-injection=enabled istio.io/rev-");

        var output = await In("app-restart", "kubectl rollout restart deployment -n NAMESPACE");

        Assert.Contains("deployment.apps/web restarted", output, StringComparison.Ordinal);
        await In("app-restart", "kubectl -n NAMESPACE rollout status deployment web --timeout=60s");
        Assert.Contains("istio-proxy", await In("app-restart", "kubectl -n NAMESPACE get pods -o jsonpath={.items[*].spec.containers[*].name}"), StringComparison.Ordinal);
    }

    private Task<string> In(string name, string command) => document.RunAsync(
        command.Replace("GATEWAY_NAMESPACE", name, StringComparison.Ordinal).Replace("NAMESPACE", name, StringComparison.Ordinal));

    private async Task<string> LabelsAsync(string name) => (await document.RunAsync(
        $$"""kubectl get namespace {{name}} -o "jsonpath={.metadata.labels['istio-injection']},{.metadata.labels['istio\.io/rev']}" """)).Trim();
}
