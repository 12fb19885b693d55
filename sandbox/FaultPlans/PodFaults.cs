using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>Keeps the pods of a cluster from becoming ready for as long as a fault says so.</summary>
/// <param name="faults">The faults on order.</param>
/// <param name="cluster">The cluster's relative name.</param>
internal sealed class PodFaults(Faults faults, string cluster) : IPodHealth
{
    public PodTrouble? TroubleOf(JsonObject pod)
    {
        var owner = (pod.Metadata()["ownerReferences"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault().Text("name") is { Length: > 0 } known ? known : pod.Name();
        return faults.MeetPod(cluster, pod.Namespace(), pod.Name(), owner) is { } unready
            ? new PodTrouble("", unready.Reason, unready.Message)
            : null;
    }
}
