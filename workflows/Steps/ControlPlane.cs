using Google.Protobuf;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The steps of the service <c>control-plane</c>, and what each is to bring about for a cluster of a request.</summary>
internal static class ControlPlane
{
    public const string AppId = "control-plane";
    private const string MeshNamespaceName = "istio-system";

    public static StepName MeshNamespace { get; } = new(AppId, "mesh-namespace");

    public static StepName RegisterMembership { get; } = new(AppId, "fleet-membership");

    public static StepName LabelMesh { get; } = new(AppId, "mesh-id");

    public static IMessage SpecOf(StepName step, FleetInstallRequest request, ClusterRef cluster) => step switch
    {
        _ when step == MeshNamespace => new MeshNamespaceSpec { Cluster = cluster.ToProto(), Namespace = MeshNamespaceName },
        _ when step == RegisterMembership => new FleetMembershipSpec { Cluster = cluster.ToProto(), FleetProject = request.FleetProject },
        _ when step == LabelMesh => new MeshIdSpec { Cluster = cluster.ToProto(), FleetProject = request.FleetProject },
        _ => throw new InvalidOperationException($"No rollout has a step '{step.Step}' of '{step.App}'."),
    };

    public static GkeCluster ToProto(this ClusterRef cluster) =>
        new() { Project = cluster.Project, Location = cluster.Location, Name = cluster.Name };
}
