using System.Text.Json.Nodes;
using MeshWorkflow.Gateway.Namespaces;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Gateway.Injection;

/// <summary>
/// Pods that came while their namespace was injected, and that no restart of ours brought: they carry a proxy whose istiod goes. Each
/// is evicted, so that its owner makes one without; a pod that nobody owns is left and named.
/// </summary>
internal static class InjectedMeanwhile
{
    private static readonly string[] Owners = ["ReplicaSet", "StatefulSet", "DaemonSet"];

    public static async Task<ObjectUndo> EndAsync(
        ObjectPlace place, IEnumerable<Change> namespaces, string revision, WriteFacts facts, CancellationToken cancellationToken)
    {
        var residue = new List<Residue>();
        var leaving = new List<string>();
        foreach (var name in namespaces.Select(change => ObjectRef.Parse(change.Resource).Name))
        {
            if (await IsInjectedAsync(place, name, revision, cancellationToken))
            {
                // It was before, or somebody wants it: new pods would get the same proxy again.
                continue;
            }

            var pods = await InjectedWorkloads.PodsAsync(place.Client, name, cancellationToken);
            foreach (var pod in pods.Where(pod => ProxyStatus.RevisionOf(pod) == revision))
            {
                if (pod.Items("metadata", "ownerReferences").Any(owner => Owners.Contains(owner.Text("kind"))))
                {
                    await facts.Gate.EnterAsync(cancellationToken);
                    await place.Client.EvictAsync(pod, cancellationToken);
                    leaving.Add(pod.Text("metadata", "uid") ?? "");
                }
                else
                {
                    residue.Add(Kept(place, name, pod, revision));
                }
            }
        }

        return new ObjectUndo(residue, leaving);
    }

    private static async Task<bool> IsInjectedAsync(ObjectPlace place, string name, string revision, CancellationToken cancellationToken)
    {
        var live = await place.Client.FindAsync(InjectionLabels.Target(name), cancellationToken);
        var chosen = await InjectionLabels.ChooseAsync(place.Client, revision, isTagExpected: false, cancellationToken);
        return live is not null && (chosen.AreOn(live) || (chosen with { IsDefault = false }).AreOn(live));
    }

    private static Residue Kept(ObjectPlace place, string ns, JsonObject pod, string revision) => new()
    {
        Resource = place.NameOf(new ObjectRef("", "pods", ns, pod.NameOf())),
        Reason = $"it carries a proxy of {revision}, and nothing would make it anew; restart it yourself",
    };
}
