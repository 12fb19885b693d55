using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.Workflows.Steps;

namespace MeshWorkflow.Workflows.ReadModel;

/// <summary>Where a cluster stands, to be recorded.</summary>
/// <param name="Run">The rollout's generation.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Number">The number of this call within the cluster's part of the rollout; grows.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why it did not succeed.</param>
/// <param name="Message">More, for people.</param>
internal sealed record ClusterRecord(
    RolloutRun Run,
    [property: JsonConverter(typeof(ClusterText))] ClusterRef Cluster,
    int Number,
    ClusterState State,
    string? Reason = null,
    string? Message = null);
