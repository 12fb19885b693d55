using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Pods;

/// <summary>Says which nodes a pod may go to: by cordons, taints, node selector and required affinity, and by what is left of them.</summary>
internal sealed class Placement(ClusterState cluster)
{
    private const string Preempting = "Preemption is not helpful for scheduling";
    private const string NoVictims = "No preemption victims found for incoming pod";
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");
    private static readonly ResourceKind Nodes = BuiltinKinds.Find("", "nodes");

    /// <summary>The nodes that a pod fits on, by name.</summary>
    public List<string> NodesFor(JsonObject pod) =>
        [.. cluster.Store.List(Nodes).Where(node => WhyNeverOn(pod, node) is null && Lacks(pod, node).Count == 0).Select(ObjectMeta.Name)];

    /// <summary>Why a pod fits on no node, in the scheduler's words.</summary>
    public string WhyNowhere(JsonObject pod)
    {
        var nodes = cluster.Store.List(Nodes).ToList();
        if (nodes.Count == 0)
        {
            return "no nodes available to schedule pods";
        }

        var reasons = nodes.SelectMany(node => WhyNeverOn(pod, node) is { } why ? [why] : Lacks(pod, node)).ToList();
        var full = nodes.Count(node => WhyNeverOn(pod, node) is null);
        var preemption = new[] { (Count: full, Text: NoVictims), (Count: nodes.Count - full, Text: Preempting) }
            .Where(each => each.Count > 0).Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Count} {each.Text}"));
        return string.Create(CultureInfo.InvariantCulture, $"0/{nodes.Count} nodes are available: {Told(reasons)}. preemption: 0/{nodes.Count} nodes are available: {string.Join(", ", preemption)}.");
    }

    /// <summary>Why a pod can't run on a node, however much room there is; null: it can.</summary>
    public static string? WhyNeverOn(JsonObject pod, JsonObject node)
    {
        var spec = pod.Object("spec");
        if (node.Object("spec").Flag("unschedulable") && !Tolerates(spec, "node.kubernetes.io/unschedulable", "", "NoSchedule"))
        {
            return "node(s) were unschedulable";
        }

        if (node.Object("spec").Objects("taints").FirstOrDefault(taint =>
            taint.Text("effect") is "NoSchedule" or "NoExecute" && !Tolerates(spec, taint.Text("key"), taint.Text("value"), taint.Text("effect"))) is { } hurdle)
        {
            return $"node(s) had untolerated taint {{{hurdle.Text("key")}: {hurdle.Text("value")}}}";
        }

        return IsChosen(spec, node) ? null : "node(s) didn't match Pod's node affinity/selector";
    }

    /// <summary>Makes a pod go to a node and no other, as DaemonSets do.</summary>
    public static void Bind(JsonObject spec, string node)
    {
        var required = spec.Need("affinity").Need("nodeAffinity").Need("requiredDuringSchedulingIgnoredDuringExecution");
        var terms = required.Objects("nodeSelectorTerms").Select(term => term.Copy()).ToList();
        if (terms.Count == 0)
        {
            terms.Add([]);
        }

        foreach (var term in terms)
        {
            term["matchFields"] = new JsonArray(new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(node) });
        }

        required["nodeSelectorTerms"] = new JsonArray([.. terms]);
    }

    /// <summary>The node that a pod was bound to by <see cref="Bind"/>; empty: none.</summary>
    public static string OnlyNode(JsonObject pod) => Terms(pod.Object("spec")).SelectMany(term => term.Objects("matchFields"))
        .Where(field => field.Text("key") == "metadata.name").SelectMany(field => field.Texts("values")).FirstOrDefault() ?? "";

    private static IEnumerable<JsonObject> Terms(JsonObject? spec) =>
        spec.Object("affinity").Object("nodeAffinity").Object("requiredDuringSchedulingIgnoredDuringExecution").Objects("nodeSelectorTerms");

    private static bool Tolerates(JsonObject? spec, string key, string value, string effect) => spec.Objects("tolerations").Any(toleration =>
        (toleration.Text("effect").Length == 0 || toleration.Text("effect") == effect)
        && (toleration.Text("key") == key || (toleration.Text("key").Length == 0 && toleration.Text("operator") == "Exists"))
        && (toleration.Text("operator") == "Exists" || toleration.Text("value") == value));

    private static bool IsChosen(JsonObject? spec, JsonObject node)
    {
        var labels = node.Labels();
        var terms = Terms(spec).ToList();
        return LabelSelector.Of(spec.Entries("nodeSelector")).Fits(labels) && (terms.Count == 0 || terms.Exists(term => FitsTerm(term, node, labels)));
    }

    private static bool FitsTerm(JsonObject term, JsonObject node, IReadOnlyDictionary<string, string> labels)
    {
        var (fields, expressions) = (term.Objects("matchFields").ToList(), term.Objects("matchExpressions").ToList());
        return fields.Count + expressions.Count > 0
            && fields.TrueForAll(field => field.Texts("values").Contains(node.Name()) == (field.Text("operator") == "In"))
            && LabelSelector.Of(new JsonObject { ["matchExpressions"] = new JsonArray([.. expressions.Select(each => each.DeepClone())]) })?.Fits(labels) == true;
    }

    // An Autopilot cluster makes room for what comes.
    private List<string> Lacks(JsonObject pod, JsonObject node)
    {
        if (cluster.World.Autopilot)
        {
            return [];
        }

        var there = cluster.Store.List(Pods)
            .Where(other => other.Object("spec").Text("nodeName") == node.Name() && other.Object("status").Text("phase") is not ("Succeeded" or "Failed")).ToList();
        var allocatable = node.Object("status").Entries("allocatable");
        var lacking = new List<string>();
        if (allocatable.TryGetValue("pods", out var most) && there.Count >= Quantities.Of(most))
        {
            lacking.Add("Too many pods");
        }

        foreach (var (resource, wanted) in Requests(pod).Where(request => request.Value > 0))
        {
            var left = Quantities.Of(allocatable.GetValueOrDefault(resource, "0")) - there.Sum(other => Requests(other).GetValueOrDefault(resource));
            if (wanted > left)
            {
                lacking.Add($"Insufficient {resource}");
            }
        }

        return lacking;
    }

    // Containers run at once; those of the start one after the other, except those that go on.
    private static Dictionary<string, decimal> Requests(JsonObject pod)
    {
        var sum = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var first = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var container in pod.Object("spec").Objects("containers").Concat(pod.Object("spec").Objects("initContainers").Where(GoesOn)))
        {
            foreach (var (resource, amount) in Wanted(container))
            {
                sum[resource] = sum.GetValueOrDefault(resource) + amount;
            }
        }

        foreach (var (resource, amount) in pod.Object("spec").Objects("initContainers").Where(container => !GoesOn(container)).SelectMany(Wanted))
        {
            first[resource] = Math.Max(first.GetValueOrDefault(resource), amount);
        }

        return sum.Keys.Union(first.Keys).ToDictionary(resource => resource, resource => Math.Max(sum.GetValueOrDefault(resource), first.GetValueOrDefault(resource)));
    }

    private static bool GoesOn(JsonObject container) => container.Text("restartPolicy") == "Always";

    // Who only says how much it may take asks for that much.
    private static IEnumerable<KeyValuePair<string, decimal>> Wanted(JsonObject container)
    {
        var requests = container.Object("resources").Entries("requests");
        var limits = container.Object("resources").Entries("limits");
        return requests.Keys.Union(limits.Keys).Select(resource =>
            KeyValuePair.Create(resource, Quantities.Of(requests.TryGetValue(resource, out var asked) ? asked : limits[resource])));
    }

    private static string Told(IEnumerable<string> reasons) => string.Join(", ", reasons.GroupBy(reason => reason, StringComparer.Ordinal)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Count()} {group.Key}")).Order(StringComparer.Ordinal));
}
