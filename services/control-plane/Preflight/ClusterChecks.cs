using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.GoogleCloud.Container;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>What the cluster itself says: its kind, its state, its versions, its machines, its settings.</summary>
internal static class ClusterChecks
{
    private const string Docs = "https://cloud.google.com/service-mesh/docs";
    private const int NeededCpus = 8;
    private const int NeededCpusPerNode = 4;

    public static IEnumerable<PreflightCheck> Of(PreflightRequest request, Cluster cluster)
    {
        var name = request.Cluster.ToName().ToString();
        yield return Status(name, cluster);
        yield return cluster.Autopilot?.Enabled is true
            ? Verdicts.Refuse(
                "AUTOPILOT_CLUSTER",
                $"{name} is an Autopilot cluster: it supports the managed control plane only.",
                "Take the cluster out of the request, or set up the managed control plane on it.",
                $"{Docs}/managed/provision-managed-anthos-service-mesh")
            : Verdicts.Pass("STANDARD_CLUSTER", $"{name} is a Standard cluster.");
        yield return Version(name, cluster.CurrentMasterVersion);
        yield return Verdicts.Notice(
            "IN_CLUSTER_DEPRECATED",
            "Google recommends the managed control plane on Google Cloud; the in-cluster one is deprecated on GKE.",
            "Nothing is to be done for this rollout.",
            $"{Docs}/managed/provision-managed-anthos-service-mesh");
        if (Machines(name, cluster) is { } machines)
        {
            yield return machines;
        }

        foreach (var check in Settings(request, cluster))
        {
            yield return check;
        }
    }

    private static PreflightCheck Status(string name, Cluster cluster) => cluster.Status switch
    {
        "RUNNING" => Verdicts.Pass("CLUSTER_RUNNING", $"{name} is running."),
        "RECONCILING" => Verdicts.Notice("CLUSTER_BUSY", $"{name} is being changed by GKE: changes of ours wait for it."),
        _ => Verdicts.Refuse(
            "CLUSTER_NOT_RUNNING",
            $"{name} is {cluster.Status}. {string.Join(" ", (cluster.Conditions ?? []).Select(condition => condition.Message))}".TrimEnd(),
            "Have the cluster running, then try again."),
    };

    private static PreflightCheck Version(string name, string version) => KubernetesVersion.Parse(version) switch
    {
        null => Verdicts.Unknown("KUBERNETES_VERSION", $"The version '{version}' of {name} is not understood."),
        { IsTooOld: true } => Verdicts.Refuse(
            "KUBERNETES_TOO_OLD",
            $"{name} is at Kubernetes {version}: the control plane's manifests need {KubernetesVersion.Oldest} or newer.",
            "Upgrade the cluster, then try again."),
        { IsTested: false } => Verdicts.Notice(
            "KUBERNETES_NOT_TESTED",
            $"{name} is at Kubernetes {version}; Istio 1.23 is tested by its makers on {KubernetesVersion.FirstTested} to {KubernetesVersion.LastTested}.",
            link: "https://istio.io/latest/docs/releases/supported-releases/"),
        _ => Verdicts.Pass("KUBERNETES_VERSION", $"{name} is at Kubernetes {version}."),
    };

    // As asmcli reckons it, which only warns: the largest pool must have room for the control plane.
    private static PreflightCheck? Machines(string name, Cluster cluster)
    {
        var pools = (cluster.NodePools ?? []).Select(pool => (pool.Name, Cpus: MachineTypes.Cpus(pool.Config?.MachineType), Nodes: NodesOf(pool))).ToList();
        if (pools.Count == 0 || pools.Any(pool => pool.Cpus is null))
        {
            return null;
        }

        var largest = pools.Where(pool => pool.Cpus >= NeededCpusPerNode).Select(pool => pool.Cpus * pool.Nodes).DefaultIfEmpty(0).Max();
        return largest >= NeededCpus
            ? Verdicts.Pass("CLUSTER_CAPACITY", $"{name} has a node pool of {largest} vCPUs.")
            : Verdicts.Notice(
                "CLUSTER_SMALL",
                $"No node pool of {name} has {NeededCpus} vCPUs on machines of {NeededCpusPerNode} or more: the control plane may find no room.");
    }

    private static int NodesOf(NodePool pool) =>
        (pool.Autoscaling?.Enabled is true ? pool.Autoscaling.MaxNodeCount ?? 0 : pool.InitialNodeCount ?? 0) * Math.Max(pool.Locations?.Count ?? 1, 1);

    private static IEnumerable<PreflightCheck> Settings(PreflightRequest request, Cluster cluster)
    {
        if (cluster.WorkloadIdentityConfig?.WorkloadPool is null or "")
        {
            yield return Verdicts.Missing(
                request.Facts,
                "workload-identity",
                "WORKLOAD_IDENTITY_OFF",
                $"Workload identity is off on {request.Cluster.ToName()}.",
                "Turn it on, or let the rollout do it: --enable_gcp_components (or --enable_all).");
        }

        if (cluster.LoggingService != "logging.googleapis.com/kubernetes" || cluster.MonitoringService != "monitoring.googleapis.com/kubernetes")
        {
            yield return Verdicts.Missing(
                request.Facts,
                "logging-monitoring",
                "CLOUD_OPERATIONS_OFF",
                $"{request.Cluster.ToName()} does not send logs and metrics to Cloud Operations.",
                "Turn it on, or let the rollout do it: --enable_gcp_components (or --enable_all).");
        }

        if (cluster.HasPrivateNodes)
        {
            yield return Verdicts.Notice(
                "PRIVATE_NODES",
                $"{request.Cluster.ToName()} has private nodes: its API server needs a firewall rule to reach istiod.",
                "The step webhook-firewall makes one where none allows it; --skip-firewall leaves it.");
        }
    }
}
