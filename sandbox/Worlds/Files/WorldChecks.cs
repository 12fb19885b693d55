using System.Globalization;
using System.Net;
using MeshWorkflow.Sandbox.Google;

namespace MeshWorkflow.Sandbox.Worlds.Files;

/// <summary>What must fit together in a world.</summary>
internal static class WorldChecks
{
    public static void Check(World world, FieldReader reader)
    {
        var projects = world.Projects.Select(project => project.Id).ToHashSet(StringComparer.Ordinal);
        Twice(world.Projects.Select(project => project.Id), "projects", "id", reader);
        Twice(world.Projects.Select(project => project.Number.ToString(CultureInfo.InvariantCulture)), "projects", "number", reader);
        Twice(world.Perimeters.Select(perimeter => perimeter.Name), "perimeters", "name", reader);
        Twice(world.Clusters.Select(cluster => $"{cluster.Project}/{cluster.Location}/{cluster.Name}"), "clusters", "name", reader);
        Twice(world.Clusters.Select((cluster, i) => cluster.Membership is { } at ? $"{at.Fleet}/{at.Location}/{at.Id}" : $"none {i}"), "clusters", "membership", reader);
        if (world.ServiceAccount.Length > 0 && !world.Projects.Any(project => project.ServiceAccounts.Any(account => $"{account.Name}@{project.Id}.iam.gserviceaccount.com" == world.ServiceAccount)))
        {
            reader.Problem("serviceAccount", $"no project has the service account {world.ServiceAccount}");
        }

        for (var i = 0; i < world.Projects.Count; i++)
        {
            foreach (var unknown in world.Projects[i].Services.Where(api => !ServiceTitles.Exists(api)))
            {
                reader.Problem(At("projects", i, "services"), $"there is no API '{unknown}'");
            }
        }

        for (var i = 0; i < world.Perimeters.Count; i++)
        {
            CheckPerimeter(world.Perimeters[i], i, projects, reader);
        }

        for (var i = 0; i < world.Clusters.Count; i++)
        {
            CheckCluster(world.Clusters[i], i, projects, reader);
        }
    }

    private static void CheckPerimeter(WorldPerimeter perimeter, int i, HashSet<string> projects, FieldReader reader)
    {
        foreach (var unknown in perimeter.Projects.Where(project => !projects.Contains(project)))
        {
            reader.Problem(At("perimeters", i, "projects"), $"there is no project '{unknown}'");
        }

        foreach (var unknown in perimeter.Services.Where(api => !ServiceTitles.Exists(api)))
        {
            reader.Problem(At("perimeters", i, "services"), $"there is no API '{unknown}'");
        }
    }

    private static void CheckCluster(WorldCluster cluster, int i, HashSet<string> projects, FieldReader reader)
    {
        foreach (var (field, project) in new[] { ("project", cluster.Project), ("networkProject", cluster.NetworkProject), ("membership.fleet", cluster.Membership?.Fleet) })
        {
            if (project is { Length: > 0 } && !projects.Contains(project))
            {
                reader.Problem(At("clusters", i, field), $"there is no project '{project}'");
            }
        }

        if (cluster is { IsElsewhere: true, Membership: not null } or { IsElsewhere: false, IssuerElsewhere: not null })
        {
            reader.Problem(At("clusters", i, cluster.IsElsewhere ? "membership" : "issuer"), $"a cluster of this platform has none in a world's file");
        }

        foreach (var unknown in cluster.Quirks.Where(quirk => !WorldQuirks.All.Contains(quirk)))
        {
            reader.Problem(At("clusters", i, "quirks"), $"there is no quirk '{unknown}'; there are {string.Join(", ", WorldQuirks.All)}");
        }

        foreach (var (field, range) in new[] { ("masterRange", cluster.MasterRange), ("podRange", cluster.PodRange), ("serviceRange", cluster.ServiceRange) })
        {
            if (range is not null && !IPNetwork.TryParse(range, out _))
            {
                reader.Problem(At("clusters", i, field), $"'{range}' is no range of addresses");
            }
        }

        for (var j = 0; j < cluster.Objects.Count; j++)
        {
            if (cluster.Objects[j]["apiVersion"] is null || cluster.Objects[j]["kind"] is null)
            {
                reader.Problem(string.Create(CultureInfo.InvariantCulture, $"clusters[{i}].objects[{j}]"), "apiVersion and kind must be set");
            }
        }
    }

    private static void Twice(IEnumerable<string> names, string list, string field, FieldReader reader)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, name) in names.Index().Where(pair => !seen.Add(pair.Item)))
        {
            reader.Problem(At(list, i, field), $"'{name}' stands here for the second time");
        }
    }

    private static string At(string list, int i, string field) => string.Create(CultureInfo.InvariantCulture, $"{list}[{i}].{field}");
}
