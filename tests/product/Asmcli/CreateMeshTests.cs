using MeshWorkflow.Cli.Asmcli;

namespace MeshWorkflow.Tests.Product.Asmcli;

/// <summary>What <c>create-mesh</c> checks and plans.</summary>
public sealed class CreateMeshTests : IDisposable
{
    private readonly Verdict _verdict = new();

    [Fact]
    public void Members_NamesAndKubeconfigs_SeeEachOther()
    {
        var mesh = MeshMembers.Of(["fleet-host", "app-two/us-east1/c2", _verdict.In("kubeconfig"), _verdict.In("elsewhere")]);

        Assert.Empty(mesh.Mistakes);
        Assert.Equal(6, mesh.Pairs.Count());

        // As the control planes call themselves, which asmcli's secrets do not.
        Assert.Equal(["cn-app-two-us-east1-c2", "cn-app-one-us-central1-c1", "ctx"], mesh.Members.Select(member => member.SecretName));
    }

    [Theory]
    [InlineData("", "REQUIRED ")]
    [InlineData("fleet-host", "REQUIRED ")]
    [InlineData("Fleet app-two/us-east1/c2", "WRONG_FORMAT FLEET_ID")]
    [InlineData("fleet-host c2", "WRONG_FORMAT c2")]
    [InlineData("fleet-host app-two/us-east1/c2 app-two/us-east1/c2", "DUPLICATE app-two/us-east1/c2")]
    [InlineData("fleet-host app-two/us-east1/c2 --no_such_flag", "UNKNOWN_FLAG --no_such_flag")]
    [InlineData("fleet-host app-two/us-east1/c2 --output_dir", "REQUIRED --output_dir")]
    public void Members_Mistakes_AreRefused(string line, string mistake) => Assert.Contains(
        mistake,
        MeshMembers.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Mistakes.Select(one => $"{one.Code} {one.Path}"));

    public void Dispose() => _verdict.Dispose();
}
