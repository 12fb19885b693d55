using System.Text.Json.Nodes;
using MeshWorkflow.Gateway.Clusters;
using MeshWorkflow.Gateway.Namespaces;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Gateway.V1;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Calls;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.Steps.Objects;

namespace MeshWorkflow.Gateway.Injection;

/// <summary>
/// Injection of workload namespaces and the rolling restart of what runs in them, as one step. The undo puts the labels back first;
/// then the workloads' templates, which restarts them without a proxy.
/// </summary>
internal sealed class InjectionStep(GatewayClusters clusters, ObjectChanges objects, TimeProvider time) : Step<InjectionSpec>
{
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";
    private const int Named = 3;

    private static readonly FieldPath Restart =
        FieldPath.Root.Field("spec").Field("template").Field("metadata").Field("annotations").Field(RestartedAt);

    public override string Name => "injection";

    protected override async Task<Plan> PlanAsync(InjectionSpec spec, PlanFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        var labels = await InjectionLabels.ChooseAsync(place.Client, spec.Revision, spec.DefaultTagExpected, cancellationToken);
        var plan = new Plan();
        foreach (var name in spec.Namespaces)
        {
            InjectionLabels.RefuseMesh(name);
            var live = await place.Client.FindAsync(InjectionLabels.Target(name), cancellationToken) ?? throw new MeshException(
                "NAMESPACE_MISSING", $"There is no namespace {name} to inject proxies in.", "Make it first, or leave it out of the request.");
            if (ObjectChanges.PlanFields(place, InjectionLabels.Target(name), live, labels.Wanted(), facts) is { } change)
            {
                plan.Changes.Add(change);
            }
        }

        foreach (var name in spec.Restart ? spec.Namespaces : [])
        {
            await PlanRestartsAsync(spec, place, name, plan, facts, cancellationToken);
        }

        return plan;
    }

    protected override async Task<Outcome> ApplyAsync(
        InjectionSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken) =>
        await objects.ApplyAsync(await clusters.PlaceAsync(spec.Cluster, cancellationToken), plan.Changes, facts, cancellationToken)
        ?? Outcomes.Done();

    protected override async Task<Outcome> VerifyAsync(
        InjectionSpec spec, Plan plan, VerifyFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        if (await objects.VerifyAsync(place, plan.Changes, facts, cancellationToken) is { } moved)
        {
            return moved;
        }

        foreach (var target in plan.Changes.Select(change => ObjectRef.Parse(change.Resource)).Where(target => target.Namespace is not null))
        {
            if (await place.Client.FindAsync(target, cancellationToken) is { } workload)
            {
                await WaitAsync(spec, place, workload, facts.Side, cancellationToken);
            }
        }

        return Outcomes.Done();
    }

    protected override async Task<Outcome> RevertAsync(
        InjectionSpec spec, Plan plan, WriteFacts facts, CancellationToken cancellationToken)
    {
        var place = await clusters.PlaceAsync(spec.Cluster, cancellationToken);
        var changes = plan.Changes.ToLookup(change => ObjectRef.Parse(change.Resource).Namespace is null);
        var labels = await objects.RevertAsync(place, [.. changes[true]], facts, cancellationToken);
        var workloads = await objects.RevertAsync(place, [.. changes[false]], facts, cancellationToken);

        // Only then is it undone: istiod may go when no proxy of its is left that we brought.
        foreach (var change in changes[false].Where(change => !workloads.Residue.Any(residue => residue.Resource == change.Resource)))
        {
            if (await place.Client.FindAsync(ObjectRef.Parse(change.Resource), cancellationToken) is { } workload)
            {
                await WaitAsync(spec, place, workload, Side.Before, cancellationToken);
            }
        }

        var left = await InjectedMeanwhile.EndAsync(place, changes[true], spec.Revision, facts, cancellationToken);
        return new ObjectUndo([.. labels.Residue, .. workloads.Residue, .. left.Residue], left.Leaving).ToOutcome();
    }

    private async Task PlanRestartsAsync(
        InjectionSpec spec, ObjectPlace place, string name, Plan plan, PlanFacts facts, CancellationToken cancellationToken)
    {
        var owned = new HashSet<string>();
        foreach (var workload in await InjectedWorkloads.ListAsync(place.Client, name, cancellationToken))
        {
            var pods = await InjectedWorkloads.PodsOfAsync(place.Client, workload, cancellationToken);
            owned.UnionWith(pods.Select(pod => pod.NameOf()));
            var lacking = pods.Any(pod => Proxies.AreAlive(pod) && ProxyStatus.RevisionOf(pod) != spec.Revision);
            if (lacking)
            {
                var at = RestartOf(place.NameOf(workload.Target), workload.Body, facts) ?? time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", null);
                var change = ObjectChanges.PlanFields(place, workload.Target, workload.Body, [(Restart, at)], facts);
                if (change is not null)
                {
                    plan.Changes.Add(change);
                }
            }
        }

        var alone = (await InjectedWorkloads.PodsAsync(place.Client, name, cancellationToken))
            .Where(pod => !owned.Contains(pod.NameOf()) && ProxyStatus.RevisionOf(pod) != spec.Revision && !pod.Items("metadata", "ownerReferences").Any())
            .Select(pod => pod.NameOf())
            .ToList();
        if (alone.Count > 0)
        {
            plan.Notices.Add(new Notice
            {
                Code = "PODS_NOT_RESTARTED",
                Message = $"Nothing makes these pods of {name} anew, so they stay without a proxy: {string.Join(", ", alone.Take(Named))}"
                    + $"{(alone.Count > Named ? ", …" : "")}.",
            });
        }
    }

    // A plan of before has restarted it already: once is enough, its pods are just not all there yet.
    private static string? RestartOf(string resource, JsonObject workload, PlanFacts facts)
    {
        var live = Restart.Read(workload)?.ToString();
        var planned = facts.Earlier.SelectMany(plan => plan.Changes)
            .Where(change => change.Resource == resource)
            .SelectMany(change => change.Fields)
            .Any(field => field.Path == Restart.ToString() && field.After?.StringValue == live);
        return planned ? live : null;
    }

    /// <exception cref="WaitException">It has not rolled out yet, or pods have not the wanted proxies.</exception>
    private static async Task WaitAsync(
        InjectionSpec spec, ObjectPlace place, JsonObject workload, Side side, CancellationToken cancellationToken)
    {
        if (await Rollouts.WaitsForAsync(place.Client, workload, cancellationToken) is { } reason)
        {
            throw new WaitException(reason);
        }

        var pods = (await Rollouts.PodsAsync(place.Client, workload, cancellationToken)).Where(Proxies.AreAlive);
        var astray = side is Side.After ? pods.FirstOrDefault(pod => ProxyStatus.RevisionOf(pod) != spec.Revision) : null;
        if (astray is not null)
        {
            throw new WaitException(
                $"pod {astray.NameOf()} of {workload.NameOf()} has {(ProxyStatus.RevisionOf(astray) is { } other ? $"the proxy of {other}" : "no proxy")}, "
                + $"not the one of {spec.Revision}");
        }
    }
}
