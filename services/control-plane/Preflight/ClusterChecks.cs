using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>What the cluster itself says: its kind, its state, its versions, its machines, its settings.</summary>
internal static class ClusterChecks
{
    /// <summary>What the control plane has room on.</summary>
    public const int NeededCpus = 8;

    /// <summary>What a machine must have to count.</summary>
    public const int NeededCpusPerNode = 4;

    public static IEnumerable<PreflightCheck> Of(PreflightRequest request, Cluster cluster)
    {
        var name = request.Cluster.ToTarget().ToString();
        if (request.Cluster.IsElsewhere())
        {
            return [Checks.ClusterElsewhere.Pass($"{name} is not on Google Cloud: the in-cluster control plane is supported there.")];
        }

        return
        [
            Status(name, cluster),
            cluster.Autopilot?.Enabled is true
                ? Checks.AutopilotCluster.Refuse($"{name} is an Autopilot cluster: it supports the managed control plane only.")
                : Checks.StandardCluster.Pass($"{name} is a Standard cluster."),
            VersionOf(name, cluster.CurrentMasterVersion),
            Checks.InClusterDeprecated.Notice("Google recommends the managed control plane on Google Cloud; the in-cluster one is deprecated on GKE."),
            .. Machines(name, cluster),
            .. Settings(request, cluster),
        ];
    }

    /// <summary>Judges a version of Kubernetes.</summary>
    public static PreflightCheck VersionOf(string name, string version) => KubernetesVersion.Parse(version) switch
    {
        null => Checks.KubernetesFits.Unknown($"The version '{version}' of {name} is not understood."),
        { IsTooOld: true } => Checks.KubernetesTooOld.Refuse(
            $"{name} is at Kubernetes {version}: the control plane's manifests need {KubernetesVersion.Oldest} or newer."),
        { IsTested: false } => Checks.KubernetesNotTested.Notice(
            $"{name} is at Kubernetes {version}; Istio 1.23 is tested by its makers on {KubernetesVersion.FirstTested} to {KubernetesVersion.LastTested}."),
        _ => Checks.KubernetesFits.Pass($"{name} is at Kubernetes {version}."),
    };

    private static PreflightCheck Status(string name, Cluster cluster) => cluster.Status switch
    {
        "RUNNING" => Checks.ClusterRunning.Pass($"{name} is running."),
        "RECONCILING" => Checks.ClusterBusy.Notice($"{name} is being changed by GKE."),
        _ => Checks.ClusterNotRunning.Refuse(
            $"{name} is {cluster.Status}. {string.Join(" ", (cluster.Conditions ?? []).Select(condition => condition.Message))}".TrimEnd()),
    };

    // As asmcli reckons it, which only warns: the largest pool must have room for the control plane.
    private static IEnumerable<PreflightCheck> Machines(string name, Cluster cluster)
    {
        var pools = (cluster.NodePools ?? []).Select(pool => (Cpus: MachineTypes.Cpus(pool.Config?.MachineType), Nodes: NodesOf(pool))).ToList();
        if (pools.Count == 0 || pools.Any(pool => pool.Cpus is null))
        {
            return [];
        }

        var largest = pools.Where(pool => pool.Cpus >= NeededCpusPerNode).Select(pool => pool.Cpus * pool.Nodes).DefaultIfEmpty(0).Max();
        return
        [
            largest >= NeededCpus
                ? Checks.ClusterCapacity.Pass($"{name} has a node pool of {largest} vCPUs.")
                : Checks.ClusterSmall.Notice(
                    $"No node pool of {name} has {NeededCpus} vCPUs on machines of {NeededCpusPerNode} or more: the control plane may find no room."),
        ];
    }

    private static int NodesOf(NodePool pool) =>
        (pool.Autoscaling?.Enabled is true ? pool.Autoscaling.MaxNodeCount ?? 0 : pool.InitialNodeCount ?? 0) * Math.Max(pool.Locations?.Count ?? 1, 1);

    private static IEnumerable<PreflightCheck> Settings(PreflightRequest request, Cluster cluster)
    {
        var name = request.Cluster.ToName();
        var isOn = cluster.WorkloadIdentityConfig?.WorkloadPool is { Length: > 0 };
        yield return isOn
            ? Checks.WorkloadIdentity.Pass($"Workload identity is on ({cluster.WorkloadIdentityConfig?.WorkloadPool}).")
            : Checks.WorkloadIdentityOff.Missing(request.Facts, "workload-identity", $"Workload identity is off on {name}.");
        var others = (cluster.NodePools ?? []).Where(pool => isOn && pool.Config?.WorkloadMetadataConfig?.Mode is { Length: > 0 } and not "GKE_METADATA").Select(pool => pool.Name).ToList();
        if (others.Count > 0)
        {
            yield return Checks.NodeMetadata.Notice($"Workloads on these node pools of {name} act as their node: {string.Join(", ", others)}.");
        }

        if (cluster.LoggingService != "logging.googleapis.com/kubernetes" || cluster.MonitoringService != "monitoring.googleapis.com/kubernetes")
        {
            yield return Checks.CloudOperationsOff.Missing(
                request.Facts, "logging-monitoring", $"{name} does not send logs and metrics to Cloud Operations.");
        }

        if (cluster.HasPrivateNodes)
        {
            yield return Checks.PrivateNodes.Notice($"{name} has private nodes: its API server needs a firewall rule to reach istiod.");
        }
    }
}
