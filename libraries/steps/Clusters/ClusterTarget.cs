using MeshWorkflow.GoogleCloud;
using MeshWorkflow.GoogleCloud.Hub;
using MeshWorkflow.Protos.Steps.V1;

namespace MeshWorkflow.Steps.Clusters;

/// <summary>A cluster, and how it is reached.</summary>
/// <param name="Name">Its name. Of one that is not on Google Cloud: the fleet's project, <c>global</c>, and its own name.</param>
/// <param name="Access">How it is reached; null: GKE tells.</param>
public sealed record ClusterTarget(ClusterName Name, ClusterAccess? Access)
{
    /// <summary>Whether it is not on Google Cloud.</summary>
    public bool IsElsewhere => Access?.Platform is Platform.Multicloud;

    /// <summary>The membership of a cluster that is not on Google Cloud.</summary>
    public MembershipName Membership => new(
        Name.Project, Name.Location, Access?.Membership is { Length: > 0 } named ? named : Name.Name);

    /// <summary>The full resource name; elsewhere that of its membership.</summary>
    public string ResourceName => IsElsewhere ? Membership.ResourceName : Name.ResourceName;

    /// <inheritdoc/>
    public override string ToString() => IsElsewhere ? Membership.ToString() : Name.ToString();
}
