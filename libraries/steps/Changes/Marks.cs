namespace MeshWorkflow.Steps.Changes;

/// <summary>How things of ours say so: who made them, and which rollout's generation.</summary>
public static class Marks
{
    /// <summary>The label of Kubernetes objects that says who manages them.</summary>
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";

    /// <summary>The annotation of Kubernetes objects that names the rollout's generation.</summary>
    public const string RolloutAnnotation = "meshworkflow.dev/rollout";

    /// <summary>What <see cref="ManagedByLabel"/> says on ours.</summary>
    public const string Owner = "meshworkflow";

    /// <summary>The label of fleet memberships, whose keys have no domain.</summary>
    public const string MembershipLabel = "meshworkflow-rollout";
}
