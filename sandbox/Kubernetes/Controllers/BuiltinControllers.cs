using MeshWorkflow.Sandbox.Kubernetes.Admission;
using MeshWorkflow.Sandbox.Kubernetes.CustomResources;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>What every cluster has running.</summary>
internal static class BuiltinControllers
{
    public static void Run(ClusterState cluster, string authority)
    {
        cluster.Admissions.Add(new ServiceAccountAdmission(cluster));
        cluster.Run(new GarbageCollector(cluster));
        cluster.Run(new DeploymentController(cluster));
        cluster.Run(new ReplicaSetController(cluster));
        cluster.Run(new StatefulSetController(cluster));
        cluster.Run(new DaemonSetController(cluster));
        cluster.Run(new JobController(cluster));
        cluster.Run(new CronJobController(cluster));
        cluster.Run(cluster.Pods);
        cluster.Run(new EndpointsController(cluster));
        cluster.Run(new LoadBalancerController(cluster));
        cluster.Run(new AutoscalerController(cluster));
        cluster.Run(new DisruptionController(cluster));
        cluster.Run(new TokenSecretController(cluster, authority));
        cluster.Run(new DefinitionController(cluster));
    }
}
