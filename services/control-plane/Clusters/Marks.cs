namespace MeshWorkflow.ControlPlane.Clusters;

/// <summary>How things of ours say so: who made them, and which rollout's generation.</summary>
internal static class Marks
{
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string RolloutAnnotation = "meshworkflow.dev/rollout";
    public const string Owner = "meshworkflow";

    /// <summary>The label of fleet memberships, whose keys have no domain.</summary>
    public const string MembershipLabel = "meshworkflow-rollout";
}
