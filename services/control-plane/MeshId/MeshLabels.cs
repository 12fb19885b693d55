using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.FleetMembership;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.GoogleCloud.Failures;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.MeshId;

/// <summary>Where a cluster's labels are: on GKE, or on the membership of one that is somewhere else.</summary>
internal interface IMeshLabels
{
    /// <summary>The labels as they are; null: what would carry them is not there.</summary>
    Task<LabelMap?> FindAsync(MeshIdSpec spec, CancellationToken cancellationToken);

    /// <summary>Waits until no change of them is under way.</summary>
    /// <exception cref="WaitException">One is.</exception>
    Task RestAsync(MeshIdSpec spec, CancellationToken cancellationToken);

    /// <summary>Writes the complete map over the one that was read.</summary>
    Task<Outcome> SetAsync(MeshIdSpec spec, LabelMap read, Dictionary<string, string> labels, WriteFacts facts, CancellationToken cancellationToken);

    /// <summary>Looks at operations: the outcome of one that failed, or null: all have ended well.</summary>
    /// <exception cref="WaitException">One is still running.</exception>
    Task<Outcome?> FailureAsync(MeshIdSpec spec, IReadOnlyList<string> handles, CancellationToken cancellationToken);
}

/// <summary>Labels that were read.</summary>
/// <param name="Resource">What carries them.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Fingerprint">Which state of them it is, where there is such a thing.</param>
internal sealed record LabelMap(string Resource, IReadOnlyDictionary<string, string> Labels, string Fingerprint = "");

/// <summary>The labels of a cluster of GKE.</summary>
internal sealed class ClusterLabels(GkeClusters clusters, ContainerApi container, ClusterUpdating updating) : IMeshLabels
{
    public async Task<LabelMap?> FindAsync(MeshIdSpec spec, CancellationToken cancellationToken)
    {
        var cluster = await clusters.GetAsync(spec.Cluster, cancellationToken);
        return new LabelMap(
            spec.Cluster.ToName().ResourceName, cluster.ResourceLabels ?? new Dictionary<string, string>(), cluster.LabelFingerprint ?? "");
    }

    public Task RestAsync(MeshIdSpec spec, CancellationToken cancellationToken) => updating.RestAsync(spec.Cluster, cancellationToken);

    // The write takes the fingerprint of the map that was read.
    public async Task<Outcome> SetAsync(
        MeshIdSpec spec, LabelMap read, Dictionary<string, string> labels, WriteFacts facts, CancellationToken cancellationToken)
    {
        await facts.Gate.EnterAsync(cancellationToken);
        try
        {
            var operation = await container.SetResourceLabelsAsync(spec.Cluster.ToName(), labels, read.Fingerprint, cancellationToken);
            return Outcomes.Pending(operation.Name);
        }
        catch (GoogleCallException exception) when (IsStale(exception))
        {
            return Outcomes.Conflict(read.Resource, exception.Message);
        }
    }

    public Task<Outcome?> FailureAsync(MeshIdSpec spec, IReadOnlyList<string> handles, CancellationToken cancellationToken) =>
        updating.FailureAsync(spec.Cluster, handles, cancellationToken);

    // GKE has no reason for it, so the text decides here alone; taken for stale, the next plan looks again.
    private static bool IsStale(GoogleCallException exception) =>
        exception is { Status: "FAILED_PRECONDITION", IsPassing: false }
        && exception.Message.Contains("fingerprint", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The labels of the membership of a cluster that is not on Google Cloud.</summary>
internal sealed class MembershipLabels(Memberships memberships) : IMeshLabels
{
    public async Task<LabelMap?> FindAsync(MeshIdSpec spec, CancellationToken cancellationToken)
    {
        var target = spec.Cluster.ToTarget();
        var found = await memberships.FindAsync(target.Membership, cancellationToken);
        if (found is not null && !MembershipFields.IsReady(found))
        {
            throw new WaitException($"the membership is {found.State?.Code}");
        }

        return found is null ? null : new LabelMap(target.ResourceName, found.Labels ?? []);
    }

    // A membership that is being changed says so where it is read.
    public Task RestAsync(MeshIdSpec spec, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<Outcome> SetAsync(
        MeshIdSpec spec, LabelMap read, Dictionary<string, string> labels, WriteFacts facts, CancellationToken cancellationToken)
    {
        await facts.Gate.EnterAsync(cancellationToken);
        return await memberships.SetLabelsAsync(spec.Cluster.ToTarget().Membership, labels, facts.Call, cancellationToken);
    }

    public Task<Outcome?> FailureAsync(MeshIdSpec spec, IReadOnlyList<string> handles, CancellationToken cancellationToken) =>
        memberships.FailureAsync(handles, spec.Cluster.ToTarget().ResourceName, cancellationToken);
}
