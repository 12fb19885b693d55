using Google.Protobuf.WellKnownTypes;
using k8s.Models;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.ControlPlane.MeshNamespace;

/// <summary>The fields of a namespace that this step owns, by their paths.</summary>
internal static class NamespaceFields
{
    public const string Network = $"metadata.labels[\"{MeshNamespaceStep.NetworkLabel}\"]";
    public const string ManagedBy = $"metadata.labels[\"{Marks.ManagedByLabel}\"]";
    public const string Rollout = $"metadata.annotations[\"{Marks.RolloutAnnotation}\"]";

    public static Value? Read(V1Namespace found, string path) => Values.Of(path switch
    {
        Network => found.GetLabel(MeshNamespaceStep.NetworkLabel),
        ManagedBy => found.GetLabel(Marks.ManagedByLabel),
        Rollout => found.GetAnnotation(Marks.RolloutAnnotation),
        _ => throw new InvalidOperationException($"This step has no field '{path}'."),
    });

    /// <summary>Where a field stands: in labels or annotations, under which key.</summary>
    public static (bool IsLabel, string Key) Place(string path) => path switch
    {
        Network => (true, MeshNamespaceStep.NetworkLabel),
        ManagedBy => (true, Marks.ManagedByLabel),
        Rollout => (false, Marks.RolloutAnnotation),
        _ => throw new InvalidOperationException($"This step has no field '{path}'."),
    };
}
