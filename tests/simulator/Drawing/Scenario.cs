using System.Globalization;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Simulator.Drawing;

/// <summary>Everything that a seed decides: the same seed makes the same world, request, faults and kills.</summary>
internal sealed class Scenario
{
    private Scenario(int seed)
    {
        Seed = seed;
        var random = new Random(seed);
        World = DrawnWorld.Draw(random);
        Request = DrawnRequest.Draw(random, World);
        Faults = DrawnFaults.Draw(random, World, seed, out var isLasting);
        Kills = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(1, 60)).Order()];
        IsKilledHard = Kills.Count > 0 && random.Next(5) == 0;
        Wish = random.Next(10) switch
        {
            0 => "cancel",
            1 => "pause",
            _ => "",
        };
        WishAt = random.Next(1, 30);
        IsRolledBack = random.Next(10) < 7;
        IsPassing = !isLasting && Wish != "cancel" && World.Clusters.All(cluster => cluster.Quirks.Count == 0);
    }

    public int Seed { get; }

    public World World { get; }

    public DrawnRequest Request { get; }

    /// <summary>The plan of faults, as a file has it.</summary>
    public string Faults { get; }

    /// <summary>After how many writes the product is ended and started again.</summary>
    public IReadOnlyList<int> Kills { get; }

    /// <summary>Whether the product is a process of its own and is killed, as by a power cut.</summary>
    public bool IsKilledHard { get; }

    /// <summary>What somebody wants in the middle of it: cancel, pause (and resume), or nothing.</summary>
    public string Wish { get; }

    /// <summary>After how many writes they want it.</summary>
    public int WishAt { get; }

    /// <summary>Whether what stands at the end is rolled back.</summary>
    public bool IsRolledBack { get; }

    /// <summary>Whether all that goes wrong passes by itself: then nothing may fail for good.</summary>
    public bool IsPassing { get; }

    public static Scenario Draw(int seed) => new(seed);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        seed {Seed}: kills after {string.Join(", ", Kills)} writes{(IsKilledHard ? " (kill -9)" : "")}; {Wish} at {WishAt}; {(IsRolledBack ? "rolled back at the end" : "left as it is")}
        {Request.Text}
        {Faults}
        """);
}
