namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

public sealed class KubectlTests : IAsyncLifetime
{
    private ClusterUnderTest _cluster = null!;
    private Kubectl _kubectl = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterUnderTest.StartAsync();
        _kubectl = new Kubectl(_cluster);
    }

    public async ValueTask DisposeAsync()
    {
        _kubectl?.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Apply_Twice_ChangesNothingTheSecondTime()
    {
        Assert.Equal("deployment.apps/web created\n", await _kubectl.RunAsync("apply -f -", Manifests.Web));
        Assert.Equal("deployment.apps/web unchanged\n", await _kubectl.RunAsync("apply -f -", Manifests.Web));
        Assert.Equal(
            "deployment.apps/web configured\n",
            await _kubectl.RunAsync("apply -f -", Manifests.Web.Replace("1.25", "1.26", StringComparison.Ordinal)));
        Assert.Equal("nginx:1.26", await _kubectl.RunAsync("get deploy web -o jsonpath={.spec.template.spec.containers[0].image}"));
    }

    [Fact]
    public async Task Apply_UnknownField_IsRefused()
    {
        var (code, _, error) = await _kubectl.TryAsync("apply -f -", Manifests.Web.Replace("replicas:", "replica:", StringComparison.Ordinal));

        Assert.Equal(1, code);

        // Newer ones leave it to the server; older ones look into the server's description of the API.
        Assert.Matches("strict decoding error: unknown field \"spec.replica\"|unknown field \"replica\" in io.k8s.api.apps.v1.DeploymentSpec", error);
    }

    [Fact]
    public async Task ServerSideApply_FieldOfAnother_IsAConflictUnlessForced()
    {
        await _kubectl.RunAsync("apply --server-side --field-manager=one -f -", Manifests.Web);
        var other = Manifests.Web.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal);

        var (code, _, error) = await _kubectl.TryAsync("apply --server-side --field-manager=two -f -", other);

        Assert.Equal(1, code);
        Assert.Contains("Apply failed with 1 conflict: conflict with \"one\": .spec.replicas", error, StringComparison.Ordinal);
        await _kubectl.RunAsync("apply --server-side --field-manager=two --force-conflicts -f -", other);
        Assert.Equal("3", await _kubectl.RunAsync("get deploy web -o jsonpath={.spec.replicas}"));
    }

    [Fact]
    public async Task LabelAndAnnotate_Namespace_AreThere()
    {
        await _kubectl.RunAsync("create namespace shop");
        await _kubectl.RunAsync("label namespace shop istio.io/rev=asm-1233-2");
        await _kubectl.RunAsync("annotate namespace shop 'note=a b'");
        await _kubectl.RunAsync("label namespace shop istio.io/rev-");

        Assert.Equal("a b", await _kubectl.RunAsync("get ns shop -o jsonpath={.metadata.annotations.note}"));
        Assert.DoesNotContain("istio.io/rev", await _kubectl.RunAsync("get ns shop -o json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RolloutRestart_Deployment_ReplacesItsPods()
    {
        await _kubectl.RunAsync("apply -f -", Manifests.Web);
        Assert.Contains("successfully rolled out", await _kubectl.RunAsync("rollout status deploy/web --timeout=60s"), StringComparison.Ordinal);
        var before = await _kubectl.RunAsync("get pods -o name");

        await _kubectl.RunAsync("rollout restart deploy/web");
        await _kubectl.RunAsync("rollout status deploy/web --timeout=60s");

        var after = await _kubectl.RunAsync("get pods --field-selector=status.phase=Running -l app=web -o name");
        Assert.DoesNotContain(after.Split('\n', StringSplitOptions.RemoveEmptyEntries), name => before.Contains(name, StringComparison.Ordinal));
        Assert.Contains("2", await _kubectl.RunAsync("rollout history deploy/web"), StringComparison.Ordinal);
        await _kubectl.RunAsync("rollout undo deploy/web");
        await _kubectl.RunAsync("rollout status deploy/web --timeout=60s");
    }

    [Fact]
    public async Task GetWatch_Namespace_IsTold()
    {
        using var watch = _kubectl.Start("get ns -w -o name");
        while (await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && line != "namespace/kube-system")
        {
        }

        await _kubectl.RunAsync("create namespace shop");
        var news = await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        watch.Kill();

        Assert.Equal("namespace/shop", news);
    }

    [Fact]
    public async Task Delete_WithCascade_TakesPodsAlong()
    {
        await _kubectl.RunAsync("apply -f -", Manifests.Web);
        await _kubectl.RunAsync("rollout status deploy/web --timeout=60s");

        await _kubectl.RunAsync("delete deploy web --cascade=foreground --timeout=60s");

        Assert.Equal("", await _kubectl.RunAsync("get rs,pods -o name"));
    }

    [Fact]
    public async Task Delete_WithoutCascade_LeavesPods()
    {
        await _kubectl.RunAsync("apply -f -", Manifests.Web);
        await _kubectl.RunAsync("rollout status deploy/web --timeout=60s");

        await _kubectl.RunAsync("delete deploy web --cascade=orphan --timeout=60s");

        var left = await _kubectl.RunAsync("get rs -o jsonpath={.items[*].metadata.ownerReferences}{.items[*].kind}");
        Assert.Equal("ReplicaSet", left);
    }

    [Fact]
    public async Task AuthCanI_BoundRole_AllowsThatMuch()
    {
        await _kubectl.RunAsync("create role reader --verb=get,list --resource=configmaps");
        await _kubectl.RunAsync("create rolebinding reader --role=reader --user=bob");

        Assert.Equal("yes\n", (await _kubectl.TryAsync("auth can-i list configmaps --as=bob")).Output);
        Assert.Equal("no\n", (await _kubectl.TryAsync("auth can-i delete configmaps --as=bob")).Output);
        var (_, _, error) = await _kubectl.TryAsync("get pods --as=bob");
        Assert.Equal(
            "Error from server (Forbidden): pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"\n",
            error);
        await _kubectl.RunAsync("get configmaps --as=bob");
    }

    [Fact]
    public async Task Explain_CoreKind_NamesFields()
    {
        var text = await _kubectl.RunAsync("explain deployment.spec.strategy");

        Assert.Contains("rollingUpdate", text, StringComparison.Ordinal);
        Assert.Contains("VERSION:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CustomResources_Defined_AreServedCheckedAndExplained()
    {
        await _kubectl.RunAsync("apply -f -", Manifests.Widgets);
        await _kubectl.RunAsync("wait --for=condition=Established crd/widgets.example.com --timeout=60s");

        await _kubectl.RunAsync("apply -f -", "apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\nspec: { size: 3 }");
        await _kubectl.RunAsync("scale widget/w --replicas=4");

        Assert.Equal("4 3", await _kubectl.RunAsync("get wd w -o 'jsonpath={.spec.replicas} {.spec.size}'"));
        Assert.Contains("SIZE", await _kubectl.RunAsync("get wd"), StringComparison.Ordinal);
        Assert.Contains("How big it is.", await _kubectl.RunAsync("explain widget.spec"), StringComparison.Ordinal);
        var (_, _, error) = await _kubectl.TryAsync("patch widget w --type=merge -p {\"spec\":{\"size\":0}}");
        Assert.Contains("spec.size in body should be greater than or equal to 1", error, StringComparison.Ordinal);
        await _kubectl.RunAsync("delete crd widgets.example.com --timeout=60s");
        Assert.NotEqual(0, (await _kubectl.TryAsync("get widgets")).Code);
    }

    [Fact]
    public async Task Expose_Deployment_GetsAddresses()
    {
        await _kubectl.RunAsync("apply -f -", Manifests.Web);
        await _kubectl.RunAsync("expose deploy web --type=LoadBalancer --port=80");
        await _kubectl.UntilAsync("get svc/web -o jsonpath={.status.loadBalancer.ingress[0].ip}", found => found.Length > 0);
        await _kubectl.RunAsync("rollout status deploy/web --timeout=60s");
        await _kubectl.UntilAsync("get endpoints/web -o jsonpath={.subsets[0].addresses[*].ip}", found => found.Split(' ').Length == 2);

        Assert.Contains("203.0.113.", await _kubectl.RunAsync("get svc web"), StringComparison.Ordinal);
        Assert.Contains(":80", await _kubectl.RunAsync("get endpoints web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Autoscale_Deployment_OwnsItsReplicas()
    {
        await _kubectl.RunAsync("apply -f -", Manifests.Web);
        await _kubectl.RunAsync("autoscale deploy web --min=3 --max=5");
        await _kubectl.UntilAsync("get deploy/web -o jsonpath={.spec.replicas}", found => found == "3");

        await _kubectl.RunAsync("scale deploy web --replicas=9");

        await _kubectl.UntilAsync("get deploy/web -o jsonpath={.spec.replicas}", found => found == "5");
    }

    [Fact]
    public async Task DryRun_Server_LeavesNothing()
    {
        Assert.Contains("server dry run", await _kubectl.RunAsync("apply --dry-run=server -f -", Manifests.Web), StringComparison.Ordinal);

        Assert.Equal("", await _kubectl.RunAsync("get deploy -o name"));
    }
}
