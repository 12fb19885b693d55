using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods;

/// <summary>
/// Says which pods don't come up. Add one with <see cref="KubernetesCluster.Extend"/>. It is asked when a pod's start time is over, and
/// again every <c>SandboxOptions.RetryTime</c> while there is a trouble, so a trouble that ends lets the pod become ready. For a
/// ready pod it is asked after <see cref="ClusterState.Recheck"/>.
/// </summary>
internal interface IPodHealth
{
    /// <summary>What is wrong with a pod; null: nothing.</summary>
    PodTrouble? TroubleOf(JsonObject pod);
}

/// <summary>Why a pod isn't ready.</summary>
/// <param name="Container">The container that has the trouble; empty: all.</param>
/// <param name="Reason">Such as <c>ImagePullBackOff</c>, <c>CrashLoopBackOff</c>, or empty: it runs but isn't ready.</param>
/// <param name="Message">In words.</param>
internal sealed record PodTrouble(string Container, string Reason, string Message);
