using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Failures;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Admission;

/// <summary>
/// Looks at objects before they are stored, as admission plugins and webhooks do. Add one with <see cref="KubernetesCluster.Extend"/>.
/// It may change <see cref="AdmissionRequest.Object"/>, add to the <c>Warnings</c> of the facts, or refuse by throwing a
/// <see cref="KubeFailure"/>. A pod that a ReplicaSet makes comes here like any other. It runs under the world's gate.
/// </summary>
internal interface IAdmission
{
    /// <exception cref="KubeFailure">The write is refused.</exception>
    void Admit(AdmissionRequest request);
}

/// <summary>A write that is to be admitted.</summary>
/// <param name="Kind">The kind of the object.</param>
/// <param name="Object">The object as it shall be, in its stored version, with its defaults.</param>
/// <param name="Current">The object as it is; null: it is about to be created.</param>
/// <param name="Facts">What goes with the write.</param>
internal sealed record AdmissionRequest(ResourceKind Kind, JsonObject Object, JsonObject? Current, WriteFacts Facts)
{
    public bool IsCreate => Current is null;
}
