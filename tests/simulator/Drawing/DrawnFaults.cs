using System.Globalization;
using System.Text;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Tests.Simulator.Drawing;

/// <summary>Draws plans of faults: some that pass, some that stay, and people who are at work meanwhile.</summary>
internal static class DrawnFaults
{
    // Each passes by itself, or meets a share of the calls only. {c} is a cluster's name.
    private static readonly string[] Passing =
    [
        "{ chance: 0.1, refuse: { code: UNAVAILABLE } }",
        "{ match: { api: kubernetes }, chance: 0.1, refuse: { status: 503, code: ServiceUnavailable } }",
        "{ match: { api: kubernetes, cluster: {c} }, after: 20, times: 10, refuse: { status: 429, code: TooManyRequests, retryAfter: 1s } }",
        "{ match: { api: cloudresourcemanager }, times: 2, refuse: { code: RESOURCE_EXHAUSTED, reason: RATE_LIMIT_EXCEEDED } }",
        "{ match: { api: serviceusage, kind: write }, times: 2, refuse: { code: RESOURCE_EXHAUSTED, reason: RATE_LIMIT_EXCEEDED, retryAfter: 1s } }",
        "{ match: { api: container, kind: write }, times: 2, refuse: { code: FAILED_PRECONDITION, message: Cluster is running incompatible operation } }",
        "{ match: { api: compute }, times: 3, refuse: { code: RESOURCE_EXHAUSTED } }",
        "{ match: { kind: write }, chance: 0.08, reset: after-effect }",
        "{ chance: 0.05, reset: before-effect }",
        "{ match: { api: gkehub, kind: write }, times: 1, reset: after-effect }",
        "{ delay: { median: 3ms, p99: 200ms } }",
        "{ match: { api: kubernetes, cluster: {c} }, delay: { from: 20ms, to: 100ms } }",
        "{ match: { api: compute }, operation: { end: late, by: 400ms } }",
        "{ match: { cluster: {c} }, pods: { for: 2s } }",
        "{ match: { api: kubernetes, method: patch deployments, cluster: {c} }, vanish: { cluster: {c}, what: api-server, for: 700ms } }",
        "{ match: { api: container, method: clusters.setResourceLabels, cluster: {c} }, vanish: { cluster: {c}, for: 700ms } }",
        "{ match: { kind: read, api: cloudresourcemanager }, chance: 0.5, stale: { for: 400ms } }",
        "{ match: { api: container, method: clusters.get }, chance: 0.5, stale: { for: 300ms } }",
        "{ match: { api: gkehub, method: memberships.get }, chance: 0.5, stale: { for: 300ms } }",
        "{ match: { api: cloudresourcemanager, method: projects.setIamPolicy }, times: 2, otherWriter: true }",
        "{ match: { api: container, method: clusters.setResourceLabels }, times: 2, otherWriter: true }",
        "{ match: { api: kubernetes, method: update namespaces, cluster: {c} }, times: 2, otherWriter: true }",
        "{ match: { api: kubernetes, method: delete *, cluster: {c} }, chance: 0.2, otherWriter: true }",
        "{ chance: 0.05, expireToken: true }",
        "{ match: { api: container, method: clusters.list }, times: 2, partial: {} }",
        "{ match: { api: gkehub, method: memberships.list }, times: 3, partial: {} }",
        "{ propagation: { grants: 600ms, apis: 600ms } }",
    ];

    // Each makes a step fail for good.
    private static readonly string[] Lasting =
    [
        "{ match: { api: kubernetes, method: patch deployments, resource: '{r}/k8s/namespaces/istio-system' }, refuse: { status: 403, code: Forbidden } }",
        "{ match: { api: kubernetes, method: patch mutatingwebhookconfigurations, cluster: {c} }, refuse: { status: 403, code: Forbidden } }",
        "{ match: { api: kubernetes, method: update namespaces, cluster: {c} }, refuse: { status: 403, code: Forbidden } }",
        "{ match: { api: container, method: clusters.setResourceLabels, cluster: {c} }, after: 1, refuse: { code: PERMISSION_DENIED } }",
        "{ match: { api: container, method: clusters.setResourceLabels, cluster: {c} }, times: 1, refuse: { code: PERMISSION_DENIED } }",
        "{ match: { api: gkehub, method: memberships.create }, times: 1, refuse: { code: PERMISSION_DENIED } }",
        "{ match: { api: gkehub }, times: 1, operation: { end: fail, code: ABORTED } }",
        "{ match: { api: container }, times: 1, operation: { end: fail, code: INTERNAL } }",
        "{ match: { cluster: {c} }, pods: { namespace: istio-system } }",
        "{ match: { cluster: {c} }, pods: { namespace: istio-ingress, reason: ImagePullBackOff } }",
    ];

    // What people do, each where it hurts.
    private static readonly string[] People =
    [
        "{ match: { api: kubernetes, method: patch deployments, cluster: {c} }, edit: { cluster: {c}, path: /api/v1/namespaces/shop, body: { metadata: { labels: { somebody-else: was-here } } } } }",
        "{ match: { api: kubernetes, method: patch services, cluster: {c} }, edit: { cluster: {c}, method: POST, contentType: application/json, path: /api/v1/namespaces/istio-system/configmaps, body: { metadata: { name: somebody-else }, data: { a: b } } } }",
        "{ match: { api: kubernetes, method: patch deployments, cluster: {c} }, edit: { cluster: {c}, path: /api/v1/namespaces/istio-system, body: { metadata: { labels: { topology.istio.io/network: somebody-else } } } } }",
    ];

    public static string Draw(Random random, World world, int seed, out bool isLasting)
    {
        var lines = Enumerable.Range(0, random.Next(5)).Select(_ => Passing[random.Next(Passing.Length)]).ToList();
        if (random.Next(5) < 2)
        {
            lines.Add(Lasting[random.Next(Lasting.Length)]);
        }

        if (random.Next(5) == 0)
        {
            lines.Add(People[random.Next(People.Length)]);
        }

        isLasting = lines.Exists(line => !Passing.Contains(line));
        var plan = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"seed: {seed}\nfaults:\n"));
        foreach (var line in lines)
        {
            var cluster = world.Clusters[random.Next(world.Clusters.Count)];
            plan.Append("- ").Append(line
                .Replace("{c}", cluster.Name, StringComparison.Ordinal)
                .Replace("{r}", $"//container.googleapis.com/projects/{cluster.Project}/locations/{cluster.Location}/clusters/{cluster.Name}", StringComparison.Ordinal)).Append('\n');
        }

        return lines.Count == 0 ? plan.Replace("faults:\n", "").ToString() : plan.ToString();
    }
}
