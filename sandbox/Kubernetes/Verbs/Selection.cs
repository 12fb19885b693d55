using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Requests;

namespace MeshWorkflow.Sandbox.Kubernetes.Verbs;

/// <summary>Which objects are wanted: by name, labels and fields.</summary>
internal sealed class Selection(string name, LabelSelector labels, FieldSelector fields)
{
    /// <summary>Whether it leaves anything out.</summary>
    public bool IsNarrow => !labels.IsEmpty || !fields.IsEmpty;

    public static Selection Read(KubeRequest request) => new(
        request.Name,
        LabelSelector.Parse(request.Http.QueryValue("labelSelector") ?? ""),
        FieldSelector.Parse(request.Kind, request.Http.QueryValue("fieldSelector") ?? ""));

    public bool Fits(JsonObject item) =>
        (name.Length == 0 || Objects.ObjectMeta.Name(item) == name) && labels.Fits(Objects.ObjectMeta.Labels(item)) && fields.Fits(item);
}
