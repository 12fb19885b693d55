using System.Text.Json.Serialization;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>In which order clusters have their turn, and how much may fail.</summary>
public sealed record RolloutRequest
{
    /// <summary>The stages in their order; at least one in a request that was read.</summary>
    public IReadOnlyList<StageRequest> Stages { get; init; } = [];

    /// <summary>What happens when a stage's failure budget is exceeded, and to the clusters that fail.</summary>
    public FailureAction OnFailure { get; init; }

    /// <summary>What happens to the others when preflight refuses a cluster.</summary>
    public PreflightAction Preflight { get; init; }
}

/// <summary>A stage.</summary>
/// <param name="Name">Its name.</param>
public sealed record StageRequest(string Name)
{
    /// <summary>The clusters, each by its short name or as P/L/C; empty together with <see cref="Labels"/>: all that no other stage takes.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The labels that clusters carry on GKE.</summary>
    public IReadOnlyList<LabelRequest> Labels { get; init; } = [];

    /// <summary>How many clusters are worked on at once. Default: 1.</summary>
    public int MaxConcurrent { get; init; } = 1;

    /// <summary>How many clusters may fail. Default: 0.</summary>
    public FailureBudget Budget { get; init; } = new(0, IsPercent: false);

    /// <summary>How long the stage is left alone before the next begins.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>Whether somebody must approve before the next begins.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>Whether it takes what no other stage does.</summary>
    [JsonIgnore]
    public bool IsRest => Names.Count == 0 && Labels.Count == 0;

    /// <summary>Whether a cluster belongs to it.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="labels">Its labels on GKE.</param>
    /// <returns>Whether it does.</returns>
    public bool Takes(ClusterRef cluster, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return IsRest
            || Names.Any(name => name == cluster.Name || name == cluster.ToString())
            || (Labels.Count > 0 && Labels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value));
    }
}

/// <summary>A label.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value.</param>
public sealed record LabelRequest(string Key, string Value);

/// <summary>How many clusters may fail.</summary>
/// <param name="Amount">So many, or so many in a hundred.</param>
/// <param name="IsPercent">Which of both.</param>
public sealed record FailureBudget(int Amount, bool IsPercent)
{
    /// <summary>How many of a stage's clusters may fail; rounded down.</summary>
    /// <param name="clusters">How many clusters of the stage passed preflight.</param>
    /// <returns>How many.</returns>
    public int Of(int clusters) => IsPercent ? clusters * Amount / 100 : Amount;
}

/// <summary>What happens when clusters fail.</summary>
public enum FailureAction
{
    /// <summary>What fails is undone; beyond the budget nothing more begins.</summary>
    RollbackCluster,

    /// <summary>Beyond the budget the whole stage is undone.</summary>
    RollbackStage,

    /// <summary>Beyond the budget the whole rollout is undone.</summary>
    RollbackRollout,

    /// <summary>What fails is left as it is, for people to look at; beyond the budget nothing more begins.</summary>
    Hold,
}

/// <summary>What happens to the others when preflight refuses a cluster.</summary>
public enum PreflightAction
{
    /// <summary>They go on without it.</summary>
    Skip,

    /// <summary>Nothing begins.</summary>
    Stop,
}

/// <summary>How a rollout is undone.</summary>
public sealed record UndoRequest
{
    /// <summary>Whether APIs that the rollout enabled are disabled again.</summary>
    public bool DisableApis { get; init; }

    /// <summary>How long a failing undo is repeated; null: as the orchestrator's settings have it.</summary>
    public TimeSpan? GiveUpAfter { get; init; }

    /// <summary>How many clusters are undone at once. Default: 10.</summary>
    public int MaxConcurrent { get; init; } = 10;
}
