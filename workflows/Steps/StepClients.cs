using System.Collections.Concurrent;
using Grpc.Core;
using MeshWorkflow.Ledger;
using MeshMembersClient = MeshWorkflow.Protos.ControlPlane.V1.MeshMembers.MeshMembersClient;
using OwnershipClient = MeshWorkflow.Protos.ControlPlane.V1.Ownership.OwnershipClient;
using PreflightClient = MeshWorkflow.Protos.ControlPlane.V1.Preflight.PreflightClient;
using StepsClient = MeshWorkflow.Protos.Steps.V1.Steps.StepsClient;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>The services, each behind the orchestrator's own sidecar. One invoker per app.</summary>
internal sealed class StepClients(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, CallInvoker> _invokers = new(StringComparer.Ordinal);

    // A little more than a service works on a call, less than the workflow waits for the activity.
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(35);

    // As much more for a call that may take minutes: initialising a mesh configuration.
    public static readonly TimeSpan LongDeadline = TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(5);

    public StepsClient Steps(string app) => new(Invoker(app));

    public OwnershipClient Ownership() => new(Invoker(ControlPlane.AppId));

    public MeshMembersClient MeshMembers() => new(Invoker(ControlPlane.AppId));

    public PreflightClient Preflight() => new(Invoker(ControlPlane.AppId));

    private CallInvoker Invoker(string app) => _invokers.GetOrAdd(app, id => SidecarClients.InvokerOf(configuration, id));
}
