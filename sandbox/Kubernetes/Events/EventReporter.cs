namespace MeshWorkflow.Sandbox.Kubernetes.Events;

/// <summary>Who tells of events.</summary>
/// <param name="Component">Its name, such as <c>kubelet</c>.</param>
/// <param name="Host">The node that it runs on; empty: it doesn't say.</param>
internal sealed record EventReporter(string Component, string Host = "")
{
    public static EventReporter Deployments { get; } = new("deployment-controller");

    public static EventReporter ReplicaSets { get; } = new("replicaset-controller");

    public static EventReporter Services { get; } = new("service-controller");

    public static EventReporter Autoscalers { get; } = new("horizontal-pod-autoscaler");

    /// <summary>It speaks <c>events.k8s.io/v1</c>: a time to the microsecond, an action, and a series for what happens again.</summary>
    public static EventReporter Scheduler { get; } = new("default-scheduler") { SpeaksSeries = true };

    public static EventReporter Kubelet(string node) => new("kubelet", node);

    public bool SpeaksSeries { get; private init; }
}
