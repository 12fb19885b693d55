using System.Text.Json.Serialization;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>Which clusters a rollout's stages have, fixed before the first is begun.</summary>
/// <param name="Stages">The stages in their order.</param>
internal sealed record StageList(IReadOnlyList<StageClusters> Stages)
{
    /// <summary>The projects of the networks whose firewalls the rollout may have to change.</summary>
    public IReadOnlyList<string> NetworkProjects { get; init; } = [];

    /// <summary>
    /// The clusters that passed preflight and are in no stage: something that they need could not be prepared. Null: nobody has looked.
    /// </summary>
    public IReadOnlyList<string>? Unprepared { get; init; }

    public StageList Without(IReadOnlySet<string> clusters) => this with
    {
        Stages = [.. Stages.Select(stage => stage with { Clusters = [.. stage.Clusters.Where(cluster => !clusters.Contains(cluster))] })],
        Unprepared = [.. clusters.Order(StringComparer.Ordinal)],
    };
}

/// <summary>The clusters of one stage.</summary>
/// <param name="Name">The stage.</param>
/// <param name="Clusters">Its clusters that passed preflight, each as <c>P/L/C</c>.</param>
/// <param name="Budget">How many of them may fail.</param>
internal sealed record StageClusters(string Name, IReadOnlyList<string> Clusters, int Budget);

/// <summary>What people see of one stage. Written by its own workflow alone.</summary>
internal sealed record StageDocument
{
    public required string Name { get; init; }

    public required StageState State { get; init; }

    /// <summary>How many of its clusters passed preflight.</summary>
    public int Clusters { get; init; }

    /// <summary>How many of them may fail.</summary>
    public int Budget { get; init; }

    /// <summary>How many have failed.</summary>
    public int Failed { get; init; }

    /// <summary>Until when it is left alone.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Where a stage stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StageState>))]
internal enum StageState
{
    Pending,
    Running,
    Soaking,
    AwaitingApproval,
    Done,

    /// <summary>More clusters have failed than may.</summary>
    Failed,
    Cancelled,

    /// <summary>It was not begun.</summary>
    Skipped,
}
