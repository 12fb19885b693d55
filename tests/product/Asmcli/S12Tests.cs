namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Row S12: <c>--network_id</c> counts, on Google Cloud and elsewhere.</summary>
public sealed class S12Tests : IDisposable
{
    private readonly Verdict _verdict = new();

    [Theory]
    [InlineData("install -p app-one -n c1 -l us-central1")]
    [InlineData("install --kubeconfig {}/elsewhere --platform multicloud --fleet_id fleet-host")]
    public void NetworkId_Given_IsTheClusters(string line) =>
        Assert.Equal("island-a", _verdict.Request($"{line} --network_id island-a")["clusters"]?[0]?["networkId"]?.ToString());

    public void Dispose() => _verdict.Dispose();
}
