using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;

namespace MeshWorkflow.Steps.Objects;

/// <summary>An object that is to be there.</summary>
/// <param name="Target">Which one.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Body">The fields that are to be ours; without our marks.</param>
/// <param name="IsShared">Whether it is the same for many clusters, so that its body is stored once for all of them.</param>
public sealed record WantedObject(ObjectRef Target, ObjectType Type, JsonObject Body, bool IsShared = false);

/// <summary>Where objects are to be.</summary>
/// <param name="Client">The cluster.</param>
/// <param name="Cluster">The cluster's full resource name.</param>
public sealed record ObjectPlace(ObjectClient Client, string Cluster)
{
    /// <summary>An object's full resource name.</summary>
    /// <param name="target">The object.</param>
    /// <returns>The name.</returns>
    public string NameOf(ObjectRef target) => target.ResourceName(Cluster);
}
