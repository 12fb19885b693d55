using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Simulator.Drawing;

/// <summary>Draws plans of faults: some that pass, some that stay, and people who are at work meanwhile.</summary>
/// <param name="Plan">The plan, as a file has it.</param>
/// <param name="Releases">What lets go that hangs.</param>
/// <param name="IsPassing">Whether all of it passes by itself.</param>
/// <param name="HasOthers">Whether others write on what the rollout writes on.</param>
internal sealed record DrawnFaults(string Plan, IReadOnlyList<Release> Releases, bool IsPassing, bool HasOthers)
{
    /// <summary>No faults.</summary>
    public static DrawnFaults None { get; } = new("seed: 1\n", [], IsPassing: true, HasOthers: false);

    public static DrawnFaults Draw(Random random, World world, int seed)
    {
        var lines = Enumerable.Range(0, random.Next(5)).Select(_ => Drawn(random, FaultLines.Passing)).ToList();
        if (random.Next(5) < 2)
        {
            lines.Add(Drawn(random, FaultLines.Lasting));
        }

        if (random.Next(4) == 0)
        {
            lines.Add(Drawn(random, [.. FaultLines.People.Where(line => ThoseFor(line, world).Any())]));
        }

        var plan = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"seed: {seed}\n{(random.Next(3) == 0 ? "quotas: google\n" : "")}{(lines.Count > 0 ? "faults:\n" : "")}"));
        var releases = new List<Release>();
        foreach (var line in lines)
        {
            var number = releases.Count.ToString(CultureInfo.InvariantCulture);
            plan.Append("- ").Append(Filled(line, random, world, number)).Append('\n');
            if (line.Contains($"name: {FaultLines.Released}", StringComparison.Ordinal))
            {
                releases.Add(new Release($"{FaultLines.Released}{number}", TimeSpan.FromMilliseconds(random.Next(100, 700)), random.Next(3) == 0 ? HoldAction.Drop : HoldAction.Proceed));
            }
            else if (line.Contains($"name: {FaultLines.Dropped}", StringComparison.Ordinal))
            {
                releases.Add(new Release($"{FaultLines.Dropped}{number}", Timeout.InfiniteTimeSpan, HoldAction.Drop));
            }
        }

        return new DrawnFaults(plan.ToString(), releases, lines.TrueForAll(FaultLines.Passing.Contains), lines.Exists(HasOthersIn));
    }

    private static bool HasOthersIn(string line) => FaultLines.People.Contains(line) || line.Contains("otherWriter", StringComparison.Ordinal);

    private static T Drawn<T>(Random random, IReadOnlyList<T> among) => among[random.Next(among.Count)];

    // Who takes away a membership takes away one that the rollout made: one that was there says something on its cluster, too.
    private static IEnumerable<WorldCluster> ThoseFor(string line, World world) =>
        world.Clusters.Where(cluster => cluster.Membership is null || !line.Contains("/memberships/{c}", StringComparison.Ordinal));

    private static string Filled(string line, Random random, World world, string number)
    {
        var cluster = Drawn(random, [.. ThoseFor(line, world)]);
        return line
            .Replace("{c}", cluster.Name, StringComparison.Ordinal)
            .Replace("{l}", cluster.Location, StringComparison.Ordinal)
            .Replace("{r}", $"//container.googleapis.com/projects/{cluster.Project}/locations/{cluster.Location}/clusters/{cluster.Name}", StringComparison.Ordinal)
            .Replace("{n}", number, StringComparison.Ordinal)
            .Replace("{t}", string.Create(CultureInfo.InvariantCulture, $"{random.Next(100, 4000)}ms"), StringComparison.Ordinal)
            .Replace("{policy}", PolicyOf(world), StringComparison.Ordinal);
    }

    // The policy as it was at the start: whoever has it in a file of their own writes it again and again.
    private static string PolicyOf(World world)
    {
        var bindings = world.Projects.Single(project => project.Id == DrawnWorld.Apps).Policy
            .Select(binding => new JsonObject { ["role"] = binding.Role, ["members"] = new JsonArray([.. binding.Members.Select(member => JsonValue.Create(member))]) });
        return new JsonObject { ["policy"] = new JsonObject { ["bindings"] = new JsonArray([.. bindings]) } }.ToJsonString();
    }
}

/// <summary>When what hangs, or does not end, is let go.</summary>
/// <param name="Name">The fault.</param>
/// <param name="After">How long after it has met something; infinite: when the installation has ended.</param>
/// <param name="Action">What becomes of calls that hang.</param>
internal sealed record Release(string Name, TimeSpan After, HoldAction Action);
