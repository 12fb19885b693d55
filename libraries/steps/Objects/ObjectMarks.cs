using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.Steps.Objects;

/// <summary>Our marks on objects.</summary>
internal static class ObjectMarks
{
    public static JsonObject With(JsonObject body, string run)
    {
        var marked = (JsonObject)body.DeepClone();
        marked.Child("metadata", "labels")[Marks.ManagedByLabel] = Marks.Owner;
        marked.Child("metadata", "annotations")[Marks.RolloutAnnotation] = run;
        return marked;
    }

    /// <summary>Whether an object was made by a rollout's generation.</summary>
    public static bool AreOn(JsonObject live, string run) => live.Text("metadata", "annotations", Marks.RolloutAnnotation) == run;
}
