using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.Planning;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>S20: Istio CA sends metrics to Prometheus, and says so; the options send them to the dashboard.</summary>
public sealed class S20Tests : IDisposable
{
    private const string Notice = "METRICS_TO_PROMETHEUS";
    private readonly CertificateFolder _folder = new();

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[prometheus]", true)]
    [InlineData("[stackdriver]", false)]
    [InlineData("[prometheus-and-stackdriver]", false)]
    public async Task Plan_IstioCa_SaysWhereMetricsGo(string options, bool isSaid)
    {
        _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));

        Assert.Equal(isSaid, Codes(await PlanAsync(product, Fleets.Request(1, $"  options: {options}").By(_folder.Folder()))).Contains(Notice));
        Assert.DoesNotContain(Notice, Codes(await PlanAsync(product, Fleets.Request(1, $"  options: {options}"))));
    }

    [Fact]
    public async Task Install_IstioCaWithStackdriver_SendsMetricsToTheDashboard()
    {
        _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));

        var ended = await product.RunAsync(Fleets.Request(1, "  options: [stackdriver]").By(_folder.Folder()));

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        var mesh = product.Sandbox.Snapshot().Resources[Authorities.Mesh("c1")]["data"]!["mesh"]!.GetValue<string>();
        Assert.Contains("stackdriver", mesh, StringComparison.Ordinal);
        Assert.DoesNotContain("- prometheus", mesh, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Codes(PlanView plan) =>
        plan.Scopes.SelectMany(scope => scope.Steps).SelectMany(step => step.Notices).Select(notice => notice.Code);

    private static async Task<PlanView> PlanAsync(ProductUnderTest product, string request)
    {
        using var client = product.Client();
        var plan = await client.PlanAsync(request, TestContext.Current.CancellationToken);
        Assert.Empty(plan.Problems);
        return plan;
    }
}
