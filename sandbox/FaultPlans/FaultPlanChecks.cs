using MeshWorkflow.Sandbox.Hosting;

namespace MeshWorkflow.Sandbox.FaultPlans;

/// <summary>Whether a plan of faults is about what is in a world: a fault that never meets anything helps nobody.</summary>
internal static class FaultPlanChecks
{
    private const string Kubernetes = "kubernetes";
    private static readonly string[] Verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    /// <exception cref="FaultPlanException">It isn't; every mistake is told.</exception>
    public static void Check(FaultPlan plan, SandboxWorld world)
    {
        var problems = new List<string>();
        foreach (var fault in plan.Faults.Where(fault => fault.Path.Length > 0))
        {
            problems.AddRange(OfMatch(fault, world).Concat(OfAct(fault, world)).Select(problem => $"{fault.Path}.{problem}"));
        }

        if (problems.Count > 0)
        {
            throw new FaultPlanException("The plan", problems);
        }
    }

    private static IEnumerable<string> OfMatch(PlannedFault fault, SandboxWorld world)
    {
        var match = fault.Match;
        if (match.Project is { } project && world.Google.ProjectIds.All(known => known != project))
        {
            yield return $"match.project: the world has no project '{project}': write one of {string.Join(", ", world.Google.ProjectIds)}";
        }

        if (match.Cluster is { } cluster && world.Find(cluster) is null)
        {
            yield return $"match.cluster: {NoCluster(cluster, world)}";
        }

        if (match.Api is { } api && api != Kubernetes && world.Google.Site.MethodsOf(api) is null)
        {
            yield return $"match.api: there is no API '{api}': write one of {string.Join(", ", world.Google.Site.Apis.Order(StringComparer.Ordinal))}, {Kubernetes}";
        }
        else if (match.Method is { } method)
        {
            foreach (var unknown in method.Split('|').Where(each => !IsMethod(match.Api, each, world)))
            {
                yield return match.Api is null or Kubernetes && unknown.Contains(' ', StringComparison.Ordinal)
                    ? $"match.method: '{unknown}' begins with no verb: write one of {string.Join(", ", Verbs)} and the plural name of a kind, as in 'create namespaces'"
                    : $"match.method: there is no method '{unknown}': write one of {string.Join(", ", MethodsOf(match.Api, world))}, or a verb and a kind, as in 'create namespaces'; * stands for anything";
            }
        }
    }

    private static IEnumerable<string> OfAct(PlannedFault fault, SandboxWorld world)
    {
        switch (fault.Act)
        {
            case Vanish vanish when world.Find(vanish.Cluster) is null:
                yield return $"vanish.cluster: {NoCluster(vanish.Cluster, world)}";
                break;
            case Edit { Api: Kubernetes } edit when world.Find(edit.Cluster) is null:
                yield return $"edit.cluster: {NoCluster(edit.Cluster, world)}";
                break;
            case Edit { Api: not Kubernetes } edit when world.Google.Site.MethodsOf(edit.Api) is null:
                yield return $"edit.api: there is no API '{edit.Api}': write one of {string.Join(", ", world.Google.Site.Apis.Order(StringComparer.Ordinal))}";
                break;
            case OtherWriter when fault.Match.Api is not { } api || !OtherHands.CanWrite(api, fault.Match.Method ?? ""):
                yield return "otherWriter: nobody else can write what that is about: match the api kubernetes with update, patch or delete, or one of the methods "
                    + "setIamPolicy, clusters.setResourceLabels, memberships.patch, memberships.delete, features.patch, caPools.patch";
                break;
            case PartialList when fault.Match.Api is not { } listed || !PartialLists.Has(listed):
                yield return "partial: only lists of container, gkehub and privateca tell what they miss: match one of these APIs";
                break;
            case OperationFails or OperationLate when fault.Match.Api == Kubernetes:
                yield return "operation: Kubernetes has no operations: match one of Google's APIs";
                break;
        }
    }

    private static bool IsMethod(string? api, string method, SandboxWorld world)
    {
        if (method.Contains('*', StringComparison.Ordinal) || method is "gateway")
        {
            return true;
        }

        var isVerb = method.Split(' ') is [var verb, { Length: > 0 }] && Verbs.Contains(verb);
        return api switch
        {
            Kubernetes => isVerb,
            null => isVerb || MethodsOf(null, world).Contains(method),
            _ => MethodsOf(api, world).Contains(method),
        };
    }

    private static IEnumerable<string> MethodsOf(string? api, SandboxWorld world) =>
        (api is null ? world.Google.Site.Apis : [api]).SelectMany(each => world.Google.Site.MethodsOf(each) ?? []).Distinct().Order(StringComparer.Ordinal);

    private static string NoCluster(string cluster, SandboxWorld world) =>
        $"the world has no cluster '{cluster}': write one of {string.Join(", ", world.Clusters.Take(10).Select(known => known.Gke.Name))}{(world.Clusters.Count > 10 ? ", …" : "")}";
}
