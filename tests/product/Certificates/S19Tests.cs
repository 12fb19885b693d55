using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>S19: Istio CA with four files, through the API and the command; the key is in the cluster's secret and nowhere else.</summary>
public sealed class S19Tests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    [Fact]
    public async Task Install_FourFiles_AreThereBeforeIstiodAndUndone()
    {
        var files = _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        var before = product.Sandbox.Snapshot();

        var ended = await product.RunAsync(Fleets.Request(1).By(_folder.Files("c1")));

        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        var world = product.Sandbox.Snapshot();
        Assert.Equal(files, CertificateFolder.Read(world.Resources[Authorities.CaCerts("c1")]));
        var mesh = world.Resources[Authorities.Mesh("c1")]["data"]!["mesh"]!.GetValue<string>();
        Assert.Contains("CA_PROVIDER: Citadel", mesh, StringComparison.Ordinal);
        Assert.Contains("trustDomain: cluster.local", mesh, StringComparison.Ordinal);
        Assert.DoesNotContain("meshca", mesh + world.Resources[Authorities.Values("c1")].ToJsonString(), StringComparison.Ordinal);
        var writes = product.Writes().Select(entry => entry.Resource).ToList();
        var (secret, istiod) = (writes.FindIndex(resource => resource.EndsWith("/secrets/cacerts", StringComparison.Ordinal)), writes.IndexOf(Authorities.Istiod("c1")));
        Assert.True(secret >= 0 && secret < istiod, $"cacerts is write {secret}, istiod write {istiod}");

        await product.RollBackAsync(ended.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(ended.Rollout.Id)).Rollout.State);
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());
    }

    [Fact]
    public async Task Install_Keys_AreNowhereButInTheSecret()
    {
        var files = _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartProcessAsync(Fleets.Of(1));
        var ended = await product.RunAsync(Fleets.Request(1).By(_folder.Files("c1")));
        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        await product.KillAsync();

        var told = string.Join('\n', Services.StateFiles.Texts(product.State.StateFile).Append(product.Output));
        Assert.Contains(files.Digest(), told, StringComparison.Ordinal);
        var lines = files.Key.Split('\n').Where(line => line.Length >= 40).ToList();
        Assert.NotEmpty(lines);
        foreach (var line in lines.Concat(lines.Select(line => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(line))[..32])))
        {
            Assert.DoesNotContain(line, told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Install_FilesThatAreNotFit_AreRefusedBeforeTheFirstWrite()
    {
        _folder.Issue("c1", days: 3);
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));

        var ended = await product.RunAsync(Fleets.Request(1).By(_folder.Files("c1")));

        Assert.Equal(RolloutState.Refused, ended.Rollout.State);
        Assert.Equal("CA_EXPIRES_SOON", Assert.Single(ended.Clusters).Reason);
        Assert.Empty(product.Writes());
    }

    [Fact]
    public async Task Install_TheGuidesCommand_DoesTheSame()
    {
        var files = _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        string In(string name) => Path.Combine(_folder.Path, "c1", name);

        var (exitCode, output) = await ProductProcess.RunAsync(
        [
            "install", "--project_id", "demo-apps", "--cluster_name", "c1", "--cluster_location", "us-central1", "--fleet_id", "demo-fleet",
            "--enable_all", "--ca", "citadel", "--ca_cert", In("ca-cert.pem"), "--ca_key", In("ca-key.pem"), "--root_cert", In("root-cert.pem"),
            "--cert_chain", In("cert-chain.pem"), "--option", "stackdriver", "--state", product.State.Path,
        ]);

        Assert.True(exitCode == 0, output);
        Assert.Equal(files, CertificateFolder.Read(product.Sandbox.Snapshot().Resources[Authorities.CaCerts("c1")]));
        Assert.DoesNotContain("PRIVATE KEY", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_FourFiles_ShowsADigestAndWritesNothing()
    {
        var files = _folder.Issue("c1");
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(1));
        using var client = product.Client();

        var plan = await client.PlanAsync(Fleets.Request(1).By(_folder.Files("c1")), TestContext.Current.CancellationToken);

        var change = plan.Scopes.SelectMany(scope => scope.Steps).Single(step => step.Step == "istio-ca").Changes.Single();
        Assert.Equal(("create", "exact"), (change.Action, change.Undo));
        Assert.Equal($"\"{files.Digest()}\"", change.Fields.Single(field => field.Path == "data").After);
        Assert.Empty(product.Writes());
    }

    [Fact]
    public async Task Install_FilesForTwoClusters_AreAMistake()
    {
        await using var product = await ProductUnderTest.StartAsync(Fleets.Of(2));

        var (exitCode, output) = await ProductProcess.RunAsync(["validate", "-f", "-"], Fleets.Request(2).By(_folder.Files("c1")));

        Assert.Equal(2, exitCode);
        Assert.Contains("spec.certificateAuthority.files", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
