using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>All that is to go wrong. The same plan makes the same faults for the same calls.</summary>
public sealed class FaultPlan
{
    internal FaultPlan(int seed, IReadOnlyList<PlannedFault> faults) => (Seed, Faults) = (seed, faults);

    /// <summary>No faults.</summary>
    public static FaultPlan None { get; } = new(0, []);

    /// <summary>What decides wherever a plan leaves something to chance.</summary>
    public int Seed { get; }

    internal IReadOnlyList<PlannedFault> Faults { get; }

    /// <summary>Reads a plan. The format is described in <c>docs/sandbox.md</c>.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="FaultPlanException">The text is none; every mistake is told.</exception>
    public static FaultPlan Read(string text, string name) => FaultPlanFile.Read(text, name);
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Name">Its name: hangs are let go by it.</param>
/// <param name="Match">For which calls.</param>
/// <param name="Act">What.</param>
internal sealed record PlannedFault(string Name, CallMatch Match, FaultAct Act)
{
    /// <summary>How many of the calls pass by before it begins.</summary>
    public int After { get; init; }

    /// <summary>How many of the calls it meets; null: all.</summary>
    public int? Times { get; init; }

    /// <summary>Which share of the calls it meets.</summary>
    public double Chance { get; init; } = 1;

    /// <summary>When it happens by itself, counted from the plan's start; null: when a call comes.</summary>
    public TimeSpan? At { get; init; }

    /// <summary>Where it stands in its plan.</summary>
    public string Path { get; init; } = "";
}
