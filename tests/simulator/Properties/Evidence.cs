using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Tests.Simulator.Drawing;
using MeshWorkflow.Workflows.Api;

namespace MeshWorkflow.Tests.Simulator.Properties;

/// <summary>What a run leaves behind: all that it is judged by.</summary>
/// <param name="Scenario">What was carried out.</param>
/// <param name="Before">The world at the start.</param>
/// <param name="After">The world at the end.</param>
/// <param name="Journal">All that came to the world and what it changed.</param>
/// <param name="StateFile">The product's state: histories, ledger and what people see.</param>
internal sealed record Evidence(Scenario Scenario, WorldSnapshot Before, WorldSnapshot After, IReadOnlyList<JournalEntry> Journal, string StateFile)
{
    /// <summary>How it ended before anybody rolled it back; null: it did not.</summary>
    public RolloutView? Installed { get; init; }

    /// <summary>How it ended; null: it did not.</summary>
    public RolloutView? Ended { get; init; }

    /// <summary>Where it stood last.</summary>
    public RolloutView? Last { get; init; }

    /// <summary>How many entries the journal had when the installation had ended.</summary>
    public int InstalledAt { get; init; }

    /// <summary>How many entries the journal had when all had ended.</summary>
    public int EndedAt { get; init; }

    /// <summary>All that the product logged.</summary>
    public string Output { get; init; } = "";

    /// <summary>What must not be in any output.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}
