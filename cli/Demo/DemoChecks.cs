using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.ReadModel;
using Spectre.Console;

namespace MeshWorkflow.Cli.Demo;

/// <summary>Looks at the world before and after the demo's rollout. Each line says what was looked at; one that isn't so fails the demo.</summary>
internal sealed class DemoChecks(IAnsiConsole console, WorldSnapshot before, WorldSnapshot after, IReadOnlyList<JournalEntry> journal)
{
    private readonly IReadOnlyList<WorldDifference> _differences = WorldDiff.Compare(before, after);

    public bool AreAllSo(RolloutView ended)
    {
        foreach (var cluster in ended.Clusters)
        {
            console.MarkupLineInterpolated($"  {cluster.Name}  {cluster.State,-12} {cluster.Reason}");
        }

        console.WriteLine();
        console.MarkupLine("[bold]The world, before and after:[/]");
        var installed = ended.Clusters.Select(cluster => cluster.Name).Except([DemoStory.Autopilot, DemoStory.Failing]).ToList();
        var ofFailing = _differences.Where(difference => IsOf(difference.Resource, DemoStory.Failing)).ToList();
        var ofAutopilot = _differences.Where(difference => IsOf(difference.Resource, DemoStory.Autopilot)).ToList();
        bool[] checks =
        [
            console.Check("the rollout is CompletedWithFailures", ended.Rollout.State is RolloutState.CompletedWithFailures),
            console.Check("10 clusters have succeeded", installed.Count == 10 && installed.All(name => StateOf(ended, name) is ClusterState.Succeeded)),
            console.Check("each of them has an istiod and a gateway that are up", installed.All(HasMesh)),
            console.Check("mesh-05 was refused before anything was written", StateOf(ended, DemoStory.Autopilot) is ClusterState.Skipped && ofAutopilot.Count == 0, ofAutopilot),
            console.Check("mesh-08 has its firewall rule, and nobody else has one", Rules().SequenceEqual([DemoStory.Private])),
            console.Check("mesh-11 is compensated, and is as it was", StateOf(ended, DemoStory.Failing) is ClusterState.Compensated && ofFailing.Count == 0, ofFailing),
            console.Check("what mesh-11 shared with others is untouched", IsSharedWrittenOnce()),
        ];
        return checks.All(isSo => isSo);
    }

    private static ClusterState? StateOf(RolloutView ended, string name) => ended.Clusters.FirstOrDefault(cluster => cluster.Name == name)?.State;

    private static bool IsOf(string resource, string cluster) =>
        resource.Contains($"/clusters/{cluster}/", StringComparison.Ordinal)
        || resource.EndsWith($"/clusters/{cluster}", StringComparison.Ordinal)
        || resource.EndsWith($"/memberships/{cluster}", StringComparison.Ordinal)
        || resource.Contains($"/firewalls/meshwf-webhook-{cluster}-", StringComparison.Ordinal);

    private bool HasMesh(string cluster) =>
        HasDeployment(cluster, "/namespaces/istio-system/apps/deployments/istiod-asm-1233-2")
        && HasDeployment(cluster, "/namespaces/istio-ingress/apps/deployments/istio-ingressgateway");

    private bool HasDeployment(string cluster, string place) => after.Resources.Any(resource =>
        resource.Key.Contains($"/clusters/{cluster}/k8s/", StringComparison.Ordinal)
        && resource.Key.EndsWith(place, StringComparison.Ordinal)
        && resource.Value["status"]?["availableReplicas"]?.GetValue<int>() > 0);

    // The clusters that firewall rules of ours are for.
    private IEnumerable<string> Rules() => _differences
        .Where(difference => difference.Resource.Contains("/firewalls/meshwf-webhook-", StringComparison.Ordinal))
        .Select(difference => difference.Resource.Split("meshwf-webhook-")[1][..^9])
        .Distinct();

    // What belongs to no cluster was written before the first cluster was, and never again.
    private bool IsSharedWrittenOnce()
    {
        var writes = journal.Where(entry => entry.Effects.Count > 0).ToList();
        var shared = writes.FindLastIndex(entry => entry.Effects.Any(effect => !IsOfACluster(effect)));
        var clusters = writes.FindIndex(entry => entry.Effects.Any(IsOfACluster));
        return shared >= 0 && shared < clusters;
    }

    private static bool IsOfACluster(string effect) =>
        ((string[])["/clusters/", "/memberships/", "/firewalls/"]).Any(part => effect.Contains(part, StringComparison.Ordinal));
}
