using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;
using MeshWorkflow.Workflows.Requests;
using Spectre.Console.Testing;

namespace MeshWorkflow.Tests.Product.Options;

/// <summary>Options and overlays of a request: in the plan, and refused before anything is written.</summary>
public sealed class S21Tests
{
    private const string Overlay = "    - { name: log.yaml, content: \"apiVersion: install.istio.io/v1alpha1\\nkind: IstioOperator\\nspec: {meshConfig: {accessLogFile: /dev/b}}\\n\" }";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_OptionsAndOverlays_ShowsTheEffectiveOperatorAndTheDifference()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var client = product.Client();

        var plan = await client.PlanAsync(Fleets.Request(1, $"  options: [envoy-access-log, cni-gcp]\n  overlays:\n{Overlay}"), Token);

        Assert.Empty(plan.Problems);
        var step = plan.Scopes.SelectMany(scope => scope.Steps).Single(step => step.Step == "control-plane");
        var effective = Assert.Single(step.Texts!, text => text.Name == "operator.yaml");
        Assert.Contains("accessLogFile: /dev/b", effective.Text, StringComparison.Ordinal);
        var difference = Assert.Single(step.Texts!, text => text.Name == "rendered.diff").Text.Split('\n');
        Assert.Contains("+ DaemonSet kube-system/istio-cni-node", difference);
        Assert.Contains("~ ConfigMap istio-system/istio-asm-1233-2 data.mesh.accessLogFile: + \"/dev/b\"", difference);

        var layers = Assert.Single(step.Texts!, text => text.Name == "operator.diff").Text.Split('\n');
        Assert.Contains("~ envoy-access-log spec.meshConfig.accessLogFile: + \"/dev/stdout\"", layers);
        Assert.Contains("~ log.yaml spec.meshConfig.accessLogFile: \"/dev/stdout\" -> \"/dev/b\"", layers);

        var console = new TestConsole().Width(200);
        console.Plan(plan, isOperator: true);
        Assert.Contains("+ DaemonSet kube-system/istio-cni-node", console.Output, StringComparison.Ordinal);
        Assert.Contains("kind: IstioOperator", console.Output, StringComparison.Ordinal);
        Assert.Contains("~ log.yaml spec.meshConfig.accessLogFile", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_UnknownOption_IsRefusedBeforeTheFirstWriteWithTheNearest()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));

        var ended = await product.RunAsync(Fleets.Request(2, "  options: [stackdirver]"));

        Assert.Equal(RolloutState.Refused, ended.Rollout.State);
        Assert.Empty(product.Writes());
        Assert.All(ended.Clusters, cluster => Assert.Equal("OPTION_UNKNOWN", cluster.Reason));
        Assert.Contains("Did you mean 'stackdriver'?", ended.Clusters[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{unclosed", "can't be read: line ")]
    [InlineData("a: &a [*a]", "line 1, column 8, in a[0]")]
    [InlineData("apiVersion: install.istio.io/v1alpha1\\nkind: IstioOperator\\nmeshConfig: {}\\n", "has meshConfig beside spec, which would change nothing")]
    [InlineData("kind: Deployment\\napiVersion: apps/v1\\n", "is no IstioOperator")]
    [InlineData("apiVersion: install.istio.io/v1alpha1\\nkind: IstioOperator\\nspec: {meshconfig: {}}\\n", "spec.meshconfig")]
    [InlineData("apiVersion: install.istio.io/v1alpha1\\nkind: IstioOperator\\nspec: {components: {gateways: {}}}\\n", "spec.components.gateways")]
    [InlineData("apiVersion: install.istio.io/v1alpha1\\nkind: IstioOperator\\nspec: {revision: mine}\\n", "sets spec.revision")]
    [InlineData("", "is empty")]
    public void Parse_OverlayThatIsNone_IsAMistakeWithPathAndRemedy(string content, string says)
    {
        var text = Fleets.Request(1, $"  overlays:\n{Overlay}\n    - {{ name: mine.yaml, content: \"{content}\" }}");

        Assert.False(RequestParser.TryParse(text, out _, out var mistakes));

        var mistake = Assert.Single(mistakes);
        Assert.Equal("spec.overlays[1].content", mistake.Path);
        Assert.Equal("OVERLAY_INVALID", mistake.Code);
        Assert.Contains(says, mistake.Message, StringComparison.Ordinal);
        Assert.NotEmpty(mistake.Remedy);
    }

    [Theory]
    [InlineData(1, 300, "spec.overlays[0].content", "larger than 256 KiB")]
    [InlineData(3, 200, "spec.overlays", "larger than 512 KiB together")]
    public void Parse_OverlaysThatAreTooLarge_AreAMistake(int count, int kibi, string path, string says)
    {
        var content = $"apiVersion: install.istio.io/v1alpha1\\nkind: IstioOperator\\n# {new string('x', kibi * 1024)}";
        var text = Fleets.Request(1, $"  overlays:\n{string.Concat(Enumerable.Repeat($"    - {{ name: a.yaml, content: \"{content}\" }}\n", count))}");

        Assert.False(RequestParser.TryParse(text, out _, out var mistakes));

        Assert.Contains(mistakes, mistake => mistake.Path == path && mistake.Code == "OVERLAY_INVALID" && mistake.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_GatewayManifestsThatCannotBeRead_AreAMistakeWithTheirPlace()
    {
        var text = Fleets.Request(1, "  gateways:\n    - { namespace: gw, manifests: [{ name: a.yaml, content: \"kind: A\\nkind: B\" }] }");

        Assert.False(RequestParser.TryParse(text, out _, out var mistakes));

        var mistake = Assert.Single(mistakes);
        Assert.Equal(("spec.gateways[0].manifests[0].content", "MANIFEST_INVALID"), (mistake.Path, mistake.Code));
        Assert.Contains("line 2, column 1, in kind", mistake.Message, StringComparison.Ordinal);
    }
}
