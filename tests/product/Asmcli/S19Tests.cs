namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Row S19: <c>--ca citadel</c> with the four files: their paths are sent, and never what is in them.</summary>
public sealed class S19Tests : IDisposable
{
    private readonly Verdict _verdict = new();

    [Fact]
    public void Citadel_FourFiles_AreNamedAndNotRead()
    {
        File.WriteAllText(_verdict.In("ca-key.pem"), "a secret");

        var request = _verdict.Request(
            "install -p app-one -n c1 -l us-central1 --ca citadel --ca_cert {}/ca-cert.pem --ca_key {}/ca-key.pem --root_cert {}/root-cert.pem --cert_chain {}/cert-chain.pem");

        Assert.Equal(_verdict.In("ca-key.pem"), request["certificateAuthority"]?["files"]?["caKey"]?.ToString());
        Assert.DoesNotContain("a secret", request.ToJsonString(), StringComparison.Ordinal);
    }

    public void Dispose() => _verdict.Dispose();
}
