using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Platforms;

/// <summary><c>--service_account</c> and <c>--key_file</c>: a rollout and its undo as another account than the services' own.</summary>
public sealed class KeyFileTests
{
    private const string Account = "installer@demo-fleet.iam.gserviceaccount.com";

    [Fact]
    public async Task Install_WithAKey_IsDoneAndUndoneAsItsAccountAndNothingOfTheKeyIsKept()
    {
        var world = Fleets.Of(1);
        await using var product = await ProductUnderTest.StartProcessAsync(world with
        {
            Projects =
            [
                .. world.Projects.Select(project => project with
                {
                    Policy = [.. project.Policy, new WorldBinding("roles/owner", [$"serviceAccount:{Account}"])],
                    ServiceAccounts = project.Id == "demo-fleet" ? [.. project.ServiceAccounts, new WorldServiceAccount("installer") { HasKey = true }] : project.ServiceAccounts,
                }),
            ],
        });
        var file = Path.Combine(Path.GetDirectoryName(product.Sandbox.Addresses.CredentialsFile)!, "keys", $"{Account}.json");
        var before = product.Sandbox.Snapshot();

        var (exitCode, output) = await ProductProcess.RunAsync(
        [
            "install", "-p", "demo-apps", "-l", "us-central1", "-n", "c1", "--fleet_id", "demo-fleet", "--enable_all", "--ca", "mesh_ca", "--name", "keyed",
            "-s", Account, "-k", file, "--state", product.State.Path,
        ]);

        Assert.True(exitCode == 0, output);
        Assert.Equal([$"serviceAccount:{Account}"], Callers(product));
        await product.RollBackAsync("keyed-g1");
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync("keyed-g1")).Rollout.State);
        Assert.Equal([$"serviceAccount:{Account}"], Callers(product));
        Requests.AssertAsBefore(before, product.Sandbox.Snapshot());

        await product.KillAsync();
        AssertNothingOf(JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!["private_key"]!.GetValue<string>().Split('\n')[1], product);
    }

    // Whoever changed something, as the product's accounts: the simulated Google and Kubernetes do things of their own.
    private static IEnumerable<string> Callers(ProductUnderTest product) => product.Sandbox.Journal()
        .Select(entry => entry.Principal)
        .Where(principal => principal.EndsWith("@demo-fleet.iam.gserviceaccount.com", StringComparison.Ordinal))
        .Distinct();

    private static void AssertNothingOf(string key, ProductUnderTest product)
    {
        foreach (var path in Directory.EnumerateFiles(product.State.Path, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Assert.DoesNotContain(key, reader.ReadToEnd(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(key, product.Output, StringComparison.Ordinal);
    }
}
