namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Row S06: the ways to a cluster, as flags and asmcli's environment say them.</summary>
public sealed class S06Tests : IDisposable
{
    private const string Install = "install -p app-one -n c1 -l us-central1 --ca mesh_ca";
    private readonly Verdict _verdict = new();

    [Theory]
    [InlineData($"{Install} --https_proxy http://proxy.internal:3128", "")]
    [InlineData(Install, "HTTPS_PROXY=http://proxy.internal:3128")]
    [InlineData($"{Install} --https-proxy http://proxy.internal:3128", "HTTPS_PROXY=http://other:1")]
    public void HttpsProxy_FlagOrVariable_IsTheClusters(string line, string variable)
    {
        var cluster = _verdict.Request(line, variable.Length > 0 ? [variable] : [])["clusters"]?[0];

        Assert.Equal("http://proxy.internal:3128", cluster?["httpsProxy"]?.ToString());
    }

    [Fact]
    public void HttpsProxy_WithCredentials_IsRefusedAsAFlagAndLeftOutAsAVariable()
    {
        const string Proxy = "http://me:secret@proxy.internal:3128";

        Assert.Equal(["SECRET_SENT spec.clusters[0].httpsProxy"], _verdict.Of($"{Install} --https_proxy {Proxy}"));
        Assert.Empty(_verdict.Of(Install, $"HTTPS_PROXY={Proxy}"));
        Assert.DoesNotContain("secret", _verdict.Request(Install, $"HTTPS_PROXY={Proxy}").ToJsonString(), StringComparison.Ordinal);
        Assert.All(_verdict.Notes(Install, $"HTTPS_PROXY={Proxy}"), note => Assert.DoesNotContain("secret", note, StringComparison.Ordinal));
        Assert.Contains(_verdict.Notes(Install, $"HTTPS_PROXY={Proxy}"), note => note.Contains("is not sent", StringComparison.Ordinal));
    }

    public void Dispose() => _verdict.Dispose();
}
