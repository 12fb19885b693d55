using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>
/// Brings a cluster to what its objects say. Add one with <see cref="KubernetesCluster.Extend"/>; it gets the cluster's
/// <see cref="ClusterState"/> there: <c>Store</c> to read (copy what you change), <c>Writer</c> to write, <c>Scheduler.After</c>
/// for what takes time, <c>Look</c> to be called again. Both methods run under the world's gate, so they must be quick; what they write
/// may call them again, so they must come to rest.
/// </summary>
internal interface IController
{
    /// <summary>Which objects to look at after a change; they need not be of the changed one's kind.</summary>
    IEnumerable<ObjectRef> Affected(StoreChange change);

    /// <summary>Forgets what it knows of objects: they were all replaced, and it is told of each as of a new one.</summary>
    void Forget()
    {
    }

    /// <summary>Looks at an object, a reaction time after the change; it may be gone.</summary>
    void Reconcile(ObjectRef target);
}
