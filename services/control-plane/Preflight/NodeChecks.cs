using System.Net;
using k8s;
using k8s.Models;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.Protos.ControlPlane.V1;

namespace MeshWorkflow.ControlPlane.Preflight;

/// <summary>
/// Whether a cluster that is not on Google Cloud has room for the control plane. It has no node pools to reckon with, so all of its nodes
/// that pods may be put on count as one. GKE tells of its clusters without being asked here.
/// </summary>
internal static class NodeChecks
{
    private const int PageSize = 500;
    private static readonly string[] Repelling = ["NoSchedule", "NoExecute"];

    public static async Task<IEnumerable<PreflightCheck>> RunAsync(
        PreflightRequest request, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        if (!request.Cluster.IsElsewhere())
        {
            return [];
        }

        var name = request.Cluster.ToTarget();
        try
        {
            var cpus = await CpusAsync(cluster, cancellationToken);
            return
            [
                cpus >= ClusterChecks.NeededCpus
                    ? Checks.ClusterCapacity.Pass($"{name} has {cpus} vCPUs on nodes of {ClusterChecks.NeededCpusPerNode} or more.")
                    : Checks.ClusterSmall.Notice(
                        $"{name} has {cpus} vCPUs on nodes of {ClusterChecks.NeededCpusPerNode} or more, not {ClusterChecks.NeededCpus}: the control plane may find no room."),
            ];
        }
        catch (ClusterCallException exception) when (exception.Status is HttpStatusCode.Forbidden)
        {
            return [Checks.ClusterCapacity.Unknown($"The nodes of {name} can't be read: {exception.Message}")];
        }
    }

    private static async Task<decimal> CpusAsync(ClusterConnection cluster, CancellationToken cancellationToken)
    {
        var (cpus, next) = (0m, (string?)null);
        do
        {
            var page = await cluster.CallAsync(client => client.CoreV1.ListNodeAsync(
                limit: PageSize, continueParameter: next, cancellationToken: cancellationToken));
            cpus += page.Items.Where(MayHavePods).Select(CpusOf).Where(one => one >= ClusterChecks.NeededCpusPerNode).Sum();
            next = page.Metadata?.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(next));
        return cpus;
    }

    private static bool MayHavePods(V1Node node) =>
        node.Spec?.Unschedulable is not true && node.Spec?.Taints?.Any(taint => Repelling.Contains(taint.Effect)) is not true;

    // What a node keeps for itself makes no smaller machine of it: 3920m are one of 4.
    private static decimal CpusOf(V1Node node) =>
        node.Status?.Allocatable?.TryGetValue("cpu", out var cpu) is true ? Math.Ceiling(cpu.ToDecimal()) : 0;
}
