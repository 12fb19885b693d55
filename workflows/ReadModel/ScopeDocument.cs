using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>What people see of one cluster of a rollout, or of what its clusters share. Written by its own workflows alone.</summary>
internal sealed record ScopeDocument
{
    /// <summary>The cluster, or the project, within the rollout: its name and a hash.</summary>
    public required string Key { get; init; }

    /// <summary>Its scope: <c>cluster/P/L/C</c> or <c>project/P</c>.</summary>
    public required StepScope Scope { get; init; }

    /// <summary>The cluster; null: it is what clusters share.</summary>
    public ClusterRef? Cluster => Scope.IsShared ? null : Scope.Cluster;

    /// <summary>What people call it.</summary>
    public string Name => Cluster?.Name ?? Scope.Name;

    /// <summary>The labels of the cluster on GKE, as preflight saw them.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The project of the cluster's network, where the network's firewall stands between API server and nodes; null: it doesn't.</summary>
    public string? NetworkProject { get; init; }

    /// <summary>What people should know, and what does not stop the rollout.</summary>
    public IReadOnlyList<NoticeLine> Notices { get; init; } = [];

    public ClusterState State { get; init; }

    /// <summary>Why it did not succeed, UPPER_SNAKE_CASE.</summary>
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<StepState> Steps { get; init; } = [];

    public IReadOnlyList<ClusterEvent> Events { get; init; } = [];

    /// <summary>What an undo has left.</summary>
    public IReadOnlyList<ResidueLine> Residue { get; init; } = [];

    /// <summary>The number of the last call that was recorded; what comes late is behind it and changes nothing.</summary>
    public int Last { get; init; }
}

/// <summary>One step of a cluster.</summary>
/// <param name="App">The service that has it.</param>
/// <param name="Step">Its name.</param>
/// <param name="Phase">What it is at.</param>
/// <param name="Outcome">How that went.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Changes">How many changes its plan has.</param>
/// <param name="LedgerKey">Where the plan lies.</param>
/// <param name="LastError">Why it went wrong last, if it did.</param>
/// <param name="WaitsFor">What it waits for, if it waits.</param>
/// <param name="NextTry">When it tries again, if it waits.</param>
internal sealed record StepState(
    string App,
    string Step,
    StepPhase Phase,
    StepResultKind Outcome,
    int Attempt,
    int Changes = 0,
    string? LedgerKey = null,
    string? LastError = null,
    string? WaitsFor = null,
    DateTimeOffset? NextTry = null);

/// <summary>Something that happened: a call of a step ended, or, without a step, the cluster's state changed.</summary>
/// <param name="Id">Its id: the cluster's key and a growing number.</param>
/// <param name="At">When.</param>
/// <param name="Call">The number of the call.</param>
/// <param name="Step">The step.</param>
/// <param name="Phase">What the step was at.</param>
/// <param name="Outcome">How it went, or the new state.</param>
/// <param name="Message">More, for people.</param>
internal sealed record ClusterEvent(
    string Id, DateTimeOffset At, int Call, string? Step, StepPhase? Phase, string Outcome, string? Message);

/// <summary>Something that an undo has left.</summary>
/// <param name="Resource">The full resource name.</param>
/// <param name="Path">The field; empty: the whole resource.</param>
/// <param name="Reason">Why.</param>
/// <param name="Found">What was found there, JSON.</param>
/// <param name="Ours">Whether a thing of ours still stands.</param>
internal sealed record ResidueLine(string Resource, string Path, string Reason, string? Found, bool Ours);

/// <summary>What people should know.</summary>
/// <param name="Code">UPPER_SNAKE_CASE.</param>
/// <param name="Message">What.</param>
/// <param name="Link">Where to read more.</param>
internal sealed record NoticeLine(string Code, string Message, string? Link);

/// <summary>Where a cluster stands. The last six are ends.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClusterState>))]
internal enum ClusterState
{
    Pending,
    Running,
    Compensating,
    Succeeded,
    Skipped,
    Failed,
    Compensated,
    CompensationIncomplete,
    Cancelled,
}
