using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Tests.Services.Platforms;

/// <summary>Clusters that are in a mesh though no rollout says so, of those that are not on Google Cloud (S16).</summary>
public sealed class MeshMembersTests
{
    [Fact]
    public async Task Check_LabelledMembershipElsewhere_IsAConflictUntilTheLabelGoes()
    {
        await using var service = await ClusterElsewhere.StartAsync();
        var target = ClusterElsewhere.Target(service);
        await service.Step(
            "fleet-membership", ClusterElsewhere.Scope, new FleetMembershipSpec { Cluster = target, FleetProject = ClusterElsewhere.Fleet }).BringAboutAsync();
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await CheckAsync(service)).OutcomeCase);
        var label = service.Step("mesh-id", ClusterElsewhere.Scope, new MeshIdSpec { Cluster = target, FleetProject = ClusterElsewhere.Fleet });

        await label.BringAboutAsync();
        Assert.Equal(ClusterElsewhere.Membership, (await CheckAsync(service)).Conflict?.Resource);

        await label.PutBackAsync();
        Assert.Equal(Outcome.OutcomeOneofCase.Done, (await CheckAsync(service)).OutcomeCase);
    }

    private static Task<Outcome> CheckAsync(ServiceUnderTest service) => service.CallAsync<MeshMembersRequest, Outcome>(
        "meshworkflow.controlplane.v1.MeshMembers",
        "Check",
        new MeshMembersRequest
        {
            Call = new Call { Rollout = "test", Generation = 1, Scope = $"project/{ClusterElsewhere.Fleet}", Step = "roles", Attempt = 1 },
            Project = ClusterElsewhere.Fleet,
            FleetProject = ClusterElsewhere.Fleet,
        });
}
