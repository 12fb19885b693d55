using MeshWorkflow.Sandbox.Kubernetes.Admission;
using MeshWorkflow.Sandbox.Kubernetes.Controllers;
using MeshWorkflow.Sandbox.Kubernetes.Pods;

namespace MeshWorkflow.Sandbox.Kubernetes;

/// <summary>What somebody adds to a cluster: how a mesh behaves, say.</summary>
internal sealed record ClusterExtension
{
    /// <summary>Those who look at objects before they are stored, in this order, after the built-in ones.</summary>
    public IReadOnlyList<IAdmission> Admissions { get; init; } = [];

    public IReadOnlyList<IController> Controllers { get; init; } = [];

    /// <summary>Those who say which pods don't come up; the first trouble counts.</summary>
    public IReadOnlyList<IPodHealth> Health { get; init; } = [];
}
