namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Row S13: <c>--enable_all</c>, and each part of it by a flag of its own.</summary>
public sealed class S13Tests : IDisposable
{
    private const string Line = "install -p app-one -n c1 -l us-central1";
    private readonly Verdict _verdict = new();

    [Theory]
    [InlineData("--enable_all", "all")]
    [InlineData("-E", "all")]
    [InlineData("--enable-gcp-iam-roles", "iamRoles")]
    [InlineData("--enable_gcp_apis", "apis")]
    [InlineData("--enable_gcp_components", "components")]
    [InlineData("--enable_meshconfig_init", "meshConfig")]
    [InlineData("--enable_cluster_roles", "clusterRoles")]
    [InlineData("--enable_cluster_labels", "clusterLabels")]
    [InlineData("--enable_namespace_creation", "namespace")]
    [InlineData("--enable_registration", "registration")]
    public void Enable_OneFlag_AllowsThatAlone(string flag, string field) =>
        Assert.Equal($$"""{"{{field}}":true}""", _verdict.Request($"{Line} {flag}")["enable"]?.ToJsonString());

    [Fact]
    public void Enable_NoFlag_AllowsNothing() => Assert.Equal("{}", _verdict.Request(Line)["enable"]?.ToJsonString());

    public void Dispose() => _verdict.Dispose();
}
