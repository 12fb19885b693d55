using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Worlds.Saving;

/// <summary>Whether a state was saved in the world that it is to be put back into.</summary>
internal static class SameWorld
{
    /// <exception cref="SavedWorldException">It was saved in another one.</exception>
    public static void Check(World saved, World running)
    {
        Check("projects", saved.Projects, running.Projects, project => project.Id);
        Check("clusters", saved.Clusters, running.Clusters, cluster => $"projects/{cluster.Project}/locations/{cluster.Location}/clusters/{cluster.Name}");
        if (saved.ServiceAccount != running.ServiceAccount)
        {
            throw new SavedWorldException($"The state was saved in another world: its service account is '{saved.ServiceAccount}', here it is '{running.ServiceAccount}'.");
        }
    }

    private static void Check<T>(string what, IReadOnlyList<T> saved, IReadOnlyList<T> running, Func<T, string> nameOf)
        where T : notnull
    {
        var (names, others) = (saved.Select(nameOf).ToList(), running.Select(nameOf).ToList());
        if (!names.SequenceEqual(others))
        {
            throw new SavedWorldException($"The state was saved in a world with other {what}: it has [{string.Join(", ", names)}], here are [{string.Join(", ", others)}].");
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (!JsonNode.DeepEquals(SavedJson.Write(saved[i]), SavedJson.Write(running[i])))
            {
                throw new SavedWorldException($"The state was saved in another world: '{names[i]}' was not the same at its start.");
            }
        }
    }
}
