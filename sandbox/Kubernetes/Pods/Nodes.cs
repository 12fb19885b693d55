using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods;

/// <summary>The nodes that a cluster starts with.</summary>
internal static class Nodes
{
    // Of large pools a few nodes do.
    private const int MostShown = 5;

    private static readonly ResourceKind Kind = BuiltinKinds.Find("", "nodes");
    private static readonly WriteFacts Facts = new("kubelet");

    public static void Seed(ClusterState cluster)
    {
        var pools = cluster.World.NodePools.SelectMany(pool => Enumerable.Repeat(pool, Math.Min(pool.Nodes, MostShown)));
        foreach (var (pool, i) in pools.Select((pool, i) => (pool, i)))
        {
            var made = cluster.Writer.Create(Kind, Node(cluster, pool, i), Facts);
            var ready = made.Copy();
            ready["status"] = Status(cluster, pool, i);
            cluster.Writer.Update(Kind, made, ready, Facts with { Subresource = "status" });
        }
    }

    private static JsonObject Node(ClusterState cluster, WorldNodePool pool, int index)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"gke-{cluster.World.Name}-{pool.Name}-{index:x4}");
        return new JsonObject
        {
            ["kind"] = "Node",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject
                {
                    ["kubernetes.io/hostname"] = name,
                    ["kubernetes.io/os"] = "linux",
                    ["kubernetes.io/arch"] = "amd64",
                    ["cloud.google.com/gke-nodepool"] = pool.Name,
                    ["node.kubernetes.io/instance-type"] = pool.MachineType,
                    ["topology.kubernetes.io/region"] = cluster.World.Location,
                    ["iam.gke.io/gke-metadata-server-enabled"] = pool.GkeMetadata ?? cluster.World.WorkloadIdentity ? "true" : "false",
                },
            },
            ["spec"] = new JsonObject
            {
                ["providerID"] = $"gce://{cluster.World.Project}/{cluster.World.Location}/{name}",
            },
        };
    }

    private static JsonObject Status(ClusterState cluster, WorldNodePool pool, int index)
    {
        var cpus = CpusOf(pool.MachineType);
        var status = new JsonObject();
        Conditions.Set(status, cluster.Time.GetUtcNow(), "Ready", true, "KubeletReady", "kubelet is posting ready status");
        status["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = $"10.128.0.{index + 2}" });
        status["capacity"] = Resources(cpus.ToString(CultureInfo.InvariantCulture), "16393208Ki");
        status["allocatable"] = Resources(string.Create(CultureInfo.InvariantCulture, $"{(cpus * 1000) - 80}m"), "13498360Ki");
        status["nodeInfo"] = new JsonObject
        {
            ["architecture"] = "amd64",
            ["operatingSystem"] = "linux",
            ["osImage"] = "Container-Optimized OS from Google",
            ["kernelVersion"] = "6.6.72+",
            ["containerRuntimeVersion"] = "containerd://1.7.24",
            ["kubeletVersion"] = $"v{cluster.World.Version}",
            ["kubeProxyVersion"] = $"v{cluster.World.Version}",
            ["machineID"] = "",
            ["systemUUID"] = "",
            ["bootID"] = "",
        };
        return status;
    }

    // FAMILY-KIND-CPUS; of other names it does not matter.
    private static int CpusOf(string machineType) =>
        machineType.Split('-') is [_, _, var cpus] && int.TryParse(cpus, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 4;

    private static JsonObject Resources(string cpu, string memory) => new() { ["cpu"] = cpu, ["memory"] = memory, ["pods"] = "110" };
}
