using MeshWorkflow.ControlPlane.CanonicalService;
using MeshWorkflow.ControlPlane.CloudOperations;
using MeshWorkflow.ControlPlane.ClusterAdminBinding;
using MeshWorkflow.ControlPlane.Clusters;
using MeshWorkflow.ControlPlane.FleetMembership;
using MeshWorkflow.ControlPlane.MeshId;
using MeshWorkflow.ControlPlane.MeshMembers;
using MeshWorkflow.ControlPlane.MeshNamespace;
using MeshWorkflow.ControlPlane.Ownership;
using MeshWorkflow.ControlPlane.Preflight;
using MeshWorkflow.ControlPlane.Revision;
using MeshWorkflow.ControlPlane.RevisionTag;
using MeshWorkflow.ControlPlane.WebhookFirewall;
using MeshWorkflow.ControlPlane.WorkloadIdentity;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.Protos.ControlPlane.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Hosting;

namespace MeshWorkflow.ControlPlane;

/// <summary>The service <c>control-plane</c>: what a mesh needs of its clusters, their fleet and their control plane.</summary>
public static class ControlPlaneApp
{
    /// <summary>The app's id.</summary>
    public const string AppId = "control-plane";

    /// <summary>Makes the app.</summary>
    /// <param name="builder">Its settings.</param>
    /// <returns>The app, not started.</returns>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddStepApp(AppId, ControlPlaneReflection.Descriptor)
            .AddSingleton<GkeClusters>()
            .AddSingleton<ScopeReads>()
            .AddSingleton<Projects>()
            .AddSingleton<Memberships>()
            .AddSingleton<IStep, MeshNamespaceStep>()
            .AddSingleton<IStep, FleetMembershipStep>()
            .AddSingleton<ClusterLabels>()
            .AddSingleton<MembershipLabels>()
            .AddSingleton<IStep, MeshIdStep>()
            .AddMeshPackages()
            .AddSingleton<ControlPlaneManifests>()
            .AddSingleton<IStep, ClusterAdminBindingStep>()
            .AddSingleton<IStep, ControlPlaneStep>()
            .AddSingleton<IStep, RevisionTagStep>()
            .AddSingleton<IStep, CanonicalServiceStep>()
            .AddSingleton<IStep, WorkloadIdentityStep>()
            .AddSingleton<IStep, LoggingMonitoringStep>()
            .AddSingleton<IStep, WebhookFirewallStep>()
            .AddSingleton<ClusterUpdating>()
            .AddSingleton<Firewalls>()
            .AddSingleton<OwnerLeases>()
            .AddSingleton<MemberSearch>()
            .AddSingleton<MemberClusters>()
            .AddPreflight();
        var app = builder.Build().MapStepApp();
        app.MapGrpcService<OwnershipService>();
        app.MapGrpcService<MeshMembersService>();
        app.MapGrpcService<PreflightService>();
        return app;
    }
}
