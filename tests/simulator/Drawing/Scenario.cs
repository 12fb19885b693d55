using System.Globalization;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Simulator.Drawing;

/// <summary>Everything that a seed decides: the same seed makes the same world, request, faults and kills.</summary>
internal sealed record Scenario
{
    public int Seed { get; init; }

    public required World World { get; init; }

    public required DrawnRequest Request { get; init; }

    /// <summary>What goes wrong.</summary>
    public required DrawnFaults Faults { get; init; }

    /// <summary>After how many writes the product is ended and started again.</summary>
    public IReadOnlyList<int> Kills { get; init; } = [];

    /// <summary>Whether the product is a process of its own and is killed, as by a power cut.</summary>
    public bool IsKilledHard { get; init; }

    /// <summary>What somebody wants in the middle of it: cancel, pause (and resume), or nothing.</summary>
    public string Wish { get; init; } = "";

    /// <summary>After how many writes they want it.</summary>
    public int WishAt { get; init; }

    /// <summary>Whether what stands at the end is rolled back.</summary>
    public bool IsRolledBack { get; init; }

    /// <summary>Whether all that goes wrong passes by itself: then nothing may fail for good.</summary>
    public bool IsPassing { get; init; }

    public static Scenario Draw(int seed)
    {
        var random = new Random(seed);
        var world = DrawnWorld.Draw(random);
        var request = DrawnRequest.Draw(random, world);
        var faults = DrawnFaults.Draw(random, world, seed);
        int[] kills = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(1, 60)).Order()];
        var isKilledHard = kills.Length > 0 && random.Next(5) == 0;
        var wish = random.Next(10) switch
        {
            0 => "cancel",
            1 => "pause",
            _ => "",
        };
        return new Scenario
        {
            Seed = seed,
            World = world,
            Request = request,
            Faults = faults,
            Kills = kills,
            IsKilledHard = isKilledHard,
            Wish = wish,
            WishAt = random.Next(1, 30),
            IsRolledBack = random.Next(10) < 7,
            IsPassing = faults.IsPassing && wish != "cancel" && world.Clusters.All(cluster => cluster.Quirks.Count == 0),
        };
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        seed {Seed}: kills after {string.Join(", ", Kills)} writes{(IsKilledHard ? " (kill -9)" : "")}; {Wish} at {WishAt}; {(IsRolledBack ? "rolled back at the end" : "left as it is")}
        {Request.Text}
        {Faults.Plan}{string.Join(", ", Faults.Releases)}
        """);
}
