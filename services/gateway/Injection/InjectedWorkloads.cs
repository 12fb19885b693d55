using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Gateway.Injection;

/// <summary>The workloads of a namespace, and their pods' proxies.</summary>
internal static class InjectedWorkloads
{
    private static readonly ObjectType Pods = new("v1", "Pod", "pods");

    private static readonly ObjectType[] Kinds =
    [
        new("apps/v1", "Deployment", "deployments"),
        new("apps/v1", "StatefulSet", "statefulsets"),
        new("apps/v1", "DaemonSet", "daemonsets"),
    ];

    /// <summary>The workloads whose pods can have a proxy.</summary>
    public static async Task<IReadOnlyList<Workload>> ListAsync(ObjectClient client, string inNamespace, CancellationToken cancellationToken)
    {
        var found = new List<Workload>();
        foreach (var type in Kinds)
        {
            var all = await client.ListAsync(type, inNamespace, "", cancellationToken);
            found.AddRange(all
                .Where(one => one.Node("spec", "template") is JsonObject template && Proxies.AreWanted(template))
                .Select(one =>
                {
                    // Items of a list do not say what they are.
                    one["kind"] ??= type.Kind;
                    one["apiVersion"] ??= type.ApiVersion;
                    return new Workload(new ObjectRef(type.Group, type.Plural, inNamespace, one.NameOf()), one);
                }));
        }

        return found;
    }

    /// <summary>The live pods that could have a proxy.</summary>
    public static async Task<IReadOnlyList<JsonObject>> PodsAsync(ObjectClient client, string inNamespace, CancellationToken cancellationToken) =>
        [.. (await client.ListAsync(Pods, inNamespace, "", cancellationToken)).Where(pod => Proxies.AreAlive(pod) && Proxies.AreWanted(pod))];

    public static Task<IReadOnlyList<JsonObject>> PodsOfAsync(ObjectClient client, Workload workload, CancellationToken cancellationToken) =>
        Rollouts.PodsAsync(client, workload.Body, cancellationToken);
}

/// <summary>A workload.</summary>
/// <param name="Target">Which one.</param>
/// <param name="Body">As it was read.</param>
internal sealed record Workload(ObjectRef Target, JsonObject Body);
