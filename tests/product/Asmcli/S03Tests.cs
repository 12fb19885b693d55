namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>Row S03: <c>--offline</c> needs <c>--output_dir</c>, and takes the package from there, options and overlays and all.</summary>
public sealed class S03Tests : IDisposable
{
    private const string Line = "install -p app-one -n c1 -l us-central1 --offline";
    private readonly Verdict _verdict = new();

    [Fact]
    public void Offline_NoFolder_IsRefused() => Assert.Equal(["REQUIRED --output_dir"], _verdict.Of(Line));

    [Fact]
    public void Offline_WithFolder_TakesBothHalvesFromThere()
    {
        var package = _verdict.Request($"{Line} -D {{}}/out")["package"];

        Assert.Equal(_verdict.In("out"), package?["release"]?.ToString());
        Assert.Equal(_verdict.In("out"), package?["configuration"]?.ToString());
    }

    [Fact]
    public void Offline_WithOptionsAndOverlays_KeepsThem()
    {
        var request = _verdict.Request($"{Line} -D {{}}/out --option stackdriver --custom_overlay {{}}/overlay.yaml");

        Assert.Equal("stackdriver", request["options"]?[0]?.ToString());
        Assert.Equal("overlay.yaml", request["overlays"]?[0]?["name"]?.ToString());
    }

    public void Dispose() => _verdict.Dispose();
}
