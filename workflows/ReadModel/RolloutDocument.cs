using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>What people see of a rollout's generation. Its clusters have documents of their own.</summary>
internal sealed record RolloutDocument
{
    /// <summary>The generation: <c>NAME-gN</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required int Generation { get; init; }

    public required string FleetProject { get; init; }

    public required RolloutState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often its undo was started by hand.</summary>
    public int Rollbacks { get; init; }

    public required IReadOnlyList<ClusterRef> Clusters { get; init; }

    [JsonIgnore]
    public bool HasEnded => State is not (RolloutState.Pending or RolloutState.Running or RolloutState.RollingBack);
}

/// <summary>Where a rollout stands. The last seven are ends.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutState>))]
internal enum RolloutState
{
    Pending,
    Running,
    RollingBack,
    Succeeded,
    SucceededWithSkips,
    CompletedWithFailures,
    Compensated,
    CompensationIncomplete,
    Refused,
    Cancelled,
}
