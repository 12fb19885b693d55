using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Google.Hub;
using MeshWorkflow.Sandbox.Google.Iam;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>Brings a world's policies, agents, memberships and features into being, in the order in which they need each other.</summary>
internal static class WorldStart
{
    public static void Begin(
        World world,
        Projects projects,
        ServiceAccounts accounts,
        AccessControl access,
        Memberships memberships,
        Features features,
        IReadOnlyList<GkeCluster> clusters)
    {
        foreach (var project in world.Projects)
        {
            access.Of($"projects/{project.Id}").Replace(project.Policy.Select(WorldBindings.Read), atOnce: true);
        }

        foreach (var project in projects.All)
        {
            foreach (var api in project.Services.Keys)
            {
                accounts.MakeAgent(api, project);
            }
        }

        for (var i = 0; i < clusters.Count; i++)
        {
            if (world.Clusters[i].Membership is { } membership && projects.Find(membership.Fleet) is { } fleet)
            {
                memberships.Start(fleet, membership, clusters[i]);
            }
        }

        foreach (var project in world.Projects.Where(project => project.ServiceMeshFeature))
        {
            features.Start(projects.Find(project.Id) ?? throw new InvalidOperationException(project.Id), Features.ServiceMesh);
        }
    }
}
