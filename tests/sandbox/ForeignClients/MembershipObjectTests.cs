using MeshWorkflow.Tests.Sandbox.FaultPlans;

namespace MeshWorkflow.Tests.Sandbox.ForeignClients;

/// <summary>What tells tools in a cluster that it is registered comes and goes with the membership.</summary>
public sealed class MembershipObjectTests
{
    private const string Object = "apis/hub.gke.io/v1/memberships/membership";
    private const string Membership = "gkehub/v1/projects/demo-fleet/locations/us-central1/memberships";

    [Fact]
    public async Task Membership_DeletedAndMadeAgain_ObjectGoesAndComes()
    {
        await using var sandbox = await FaultsUnderTest.StartAsync();
        var spec = (await sandbox.KubeAsync("GET", Object)).Body["spec"];
        Assert.Equal("//gkehub.googleapis.com/projects/demo-fleet/locations/us-central1/memberships/mesh-a", spec?["owner"]?["id"]?.GetValue<string>());

        await DoneAsync(sandbox, await sandbox.SendAsync("DELETE", $"{Membership}/mesh-a"));
        Assert.Equal(404, (await sandbox.KubeAsync("GET", Object)).Status);

        // As gcloud writes it that was given the sandbox's address.
        var link = $"//{sandbox.Host.Addresses.Google.Authority}/container/projects/demo-apps/locations/us-central1/clusters/mesh-a";
        await DoneAsync(sandbox, await sandbox.SendAsync("POST", $"{Membership}?membershipId=again", $"{{\"endpoint\":{{\"gkeCluster\":{{\"resourceLink\":\"{link}\"}}}}}}"));
        Assert.EndsWith("/memberships/again", (await sandbox.KubeAsync("GET", Object)).Body["spec"]?["owner"]?["id"]?.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task DoneAsync(FaultsUnderTest sandbox, FaultsUnderTest.Reply operation)
    {
        Assert.True(operation.Status == 200, operation.Body.ToJsonString());
        while (operation.Body["done"]?.GetValue<bool>() != true)
        {
            operation = await sandbox.GetAsync($"gkehub/v1/{operation.Body["name"]}");
        }

        Assert.Null(operation.Body["error"]);
    }
}
