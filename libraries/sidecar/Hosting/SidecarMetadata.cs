using System.Collections.Concurrent;
using Dapr.Client.Autogen.Grpc.v1;
using MeshWorkflow.Sidecar.State;
using MeshWorkflow.Sidecar.Workflows;

namespace MeshWorkflow.Sidecar.Hosting;

/// <summary>What the sidecar tells an app about itself, and what the app has it remember until it stops.</summary>
internal sealed class SidecarMetadata(StateStores stores, WorkflowEngine engine)
{
    private const int MaxAttributes = 1_000;

    private readonly ConcurrentDictionary<(string App, string Key), string> _attributes = new();

    public GetMetadataResponse Get(string app) => new()
    {
        Id = app,
        RuntimeVersion = SidecarVersion.Runtime,
        RegisteredComponents = { stores.All.Select(Component) },
        ExtendedMetadata =
        {
            _attributes.Where(attribute => attribute.Key.App == app)
                .Append(new((app, "daprRuntimeVersion"), SidecarVersion.Runtime))
                .ToDictionary(attribute => attribute.Key.Key, attribute => attribute.Value),
        },
        ActorRuntime = new ActorRuntime { RuntimeStatus = ActorRuntime.Types.ActorRuntimeStatus.Running, HostReady = true },
        Workflows = new MetadataWorkflows { ConnectedWorkers = engine.Runtime.Hubs[app].ConnectedWorkers },
    };

    /// <exception cref="StateRefusedException">There are too many.</exception>
    public void Set(string app, string key, string value)
    {
        if (_attributes.Count >= MaxAttributes && !_attributes.ContainsKey((app, key)))
        {
            throw new StateRefusedException(Grpc.Core.StatusCode.ResourceExhausted, $"more than {MaxAttributes} metadata attributes");
        }

        _attributes[(app, key)] = value;
    }

    private static RegisteredComponents Component(SidecarStateStore store) => new()
    {
        Name = store.Name,
        Type = "state.sqlite",
        Version = "v1",
        Capabilities = { "ETAG", "TRANSACTIONAL", "TTL", "ACTOR" },
    };
}
