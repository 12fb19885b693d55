using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Objects;
using MeshWorkflow.Sandbox.Kubernetes.Pods;
using MeshWorkflow.Sandbox.Kubernetes.Storage;
using MeshWorkflow.Sandbox.Kubernetes.Verbs;

namespace MeshWorkflow.Sandbox.Kubernetes.Controllers;

/// <summary>Counts how many pods may be missing by the PodDisruptionBudgets.</summary>
internal sealed class DisruptionController(ClusterState cluster) : IController
{
    private static readonly ResourceKind Budgets = BuiltinKinds.Find("policy", "poddisruptionbudgets");
    private static readonly ResourceKind Pods = BuiltinKinds.Find("", "pods");
    private static readonly WriteFacts Facts = new("kube-controller-manager") { Subresource = "status" };

    public IEnumerable<ObjectRef> Affected(StoreChange change) => change.Kind.GroupResource switch
    {
        "poddisruptionbudgets.policy" => [ObjectRef.To(Budgets, change.Object)],
        "pods" => [.. cluster.Store.List(Budgets, change.Object.Namespace())
            .Where(budget => Selects(budget, change.Object)).Select(budget => ObjectRef.To(Budgets, budget))],
        _ => [],
    };

    public void Reconcile(ObjectRef target)
    {
        if (cluster.Store.Find(Budgets, target.Namespace, target.Name) is not { } budget)
        {
            return;
        }

        var spec = budget.Object("spec");
        var pods = cluster.Store.List(Pods, target.Namespace).Where(pod => Selects(budget, pod) && PodFacts.IsActive(pod)).ToList();
        var (expected, healthy) = (pods.Count, pods.Count(PodFacts.IsReady));
        var desired = spec?["maxUnavailable"] is { } most
            ? Math.Max(0, expected - RolloutLimits.Number(most, expected, Math.Ceiling))
            : RolloutLimits.Number(spec?["minAvailable"] ?? 1, expected, Math.Ceiling);
        var allowed = expected == 0 ? 0 : Math.Max(0, healthy - desired);
        var wanted = budget.Copy();
        var status = wanted.Need("status");
        status["observedGeneration"] = budget.Object("metadata").Number("generation") ?? 1;
        status["disruptionsAllowed"] = allowed;
        status["currentHealthy"] = healthy;
        status["desiredHealthy"] = desired;
        status["expectedPods"] = expected;
        Conditions.Set(
            status, cluster.Time.GetUtcNow(), "DisruptionAllowed", allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "");
        cluster.Writer.Update(Budgets, budget, wanted, Facts);
    }

    private static bool Selects(JsonObject budget, JsonObject pod) =>
        LabelSelector.Of(budget.Object("spec").Object("selector"))?.Fits(pod.Labels()) == true;
}
