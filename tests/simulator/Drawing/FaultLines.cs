namespace MeshWorkflow.Tests.Simulator.Drawing;

/// <summary>
/// What may go wrong, each a fault as a plan has it. <c>{c}</c> stands for a cluster's name, <c>{r}</c> for its full name, <c>{l}</c> for its
/// location, <c>{t}</c> for a while after the start, <c>{n}</c> for a number of its own.
/// </summary>
internal static class FaultLines
{
    /// <summary>What has this name hangs, or does not end, until it is let go.</summary>
    public const string Released = "gate-";

    /// <summary>What has this name does so until the installation has ended, and is dropped then.</summary>
    public const string Dropped = "wall-";

    /// <summary>Each passes by itself, or meets a share of the calls only.</summary>
    public static IReadOnlyList<string> Passing { get; } =
    [
        // Refusals.
        "{ chance: 0.1, refuse: { code: UNAVAILABLE } }",
        "{ match: { api: kubernetes }, chance: 0.1, refuse: { status: 503, code: ServiceUnavailable } }",
        "{ match: { api: kubernetes, cluster: {c} }, after: 20, times: 10, refuse: { status: 429, code: TooManyRequests, retryAfter: 1s } }",
        "{ match: { api: cloudresourcemanager }, times: 2, refuse: { code: RESOURCE_EXHAUSTED, reason: RATE_LIMIT_EXCEEDED } }",
        "{ match: { api: serviceusage, kind: write }, times: 2, refuse: { code: RESOURCE_EXHAUSTED, reason: RATE_LIMIT_EXCEEDED, retryAfter: 1s } }",
        "{ match: { api: container, kind: write }, times: 2, refuse: { code: FAILED_PRECONDITION, reason: CLUSTER_ALREADY_HAS_OPERATION, message: Cluster is running incompatible operation } }",
        "{ match: { api: compute }, times: 3, refuse: { code: RESOURCE_EXHAUSTED } }",

        // Quotas.
        "{ match: { api: gkehub }, quota: { calls: 3, per: 1s } }",
        "{ match: { api: compute }, quota: { calls: 4, per: 1s, retryAfter: 1s } }",
        "{ match: { api: cloudresourcemanager }, quota: { calls: 3, per: 500ms, by: caller } }",
        "{ match: { api: serviceusage }, quota: { calls: 2, per: 1s, by: all } }",
        "{ match: { api: container, kind: write }, quota: { running: 1 } }",
        "{ match: { api: kubernetes, cluster: {c} }, quota: { calls: 40, per: 400ms, by: caller } }",

        // Broken connections, and slow ones.
        "{ match: { kind: write }, chance: 0.08, reset: after-effect }",
        "{ chance: 0.05, reset: before-effect }",
        "{ match: { api: gkehub, kind: write }, times: 1, reset: after-effect }",
        "{ delay: { median: 3ms, p99: 200ms } }",
        "{ match: { api: kubernetes, cluster: {c} }, delay: { from: 20ms, to: 100ms } }",

        // Calls that hang.
        "{ name: gate-{n}, match: { api: kubernetes, kind: write, cluster: {c} }, after: 5, times: 1, hang: { point: before-effect } }",
        "{ name: gate-{n}, match: { api: kubernetes, kind: write, cluster: {c} }, after: 15, times: 1, hang: { point: after-effect } }",
        "{ name: gate-{n}, match: { api: gkehub, kind: write }, times: 1, hang: { point: before-answer } }",
        "{ name: gate-{n}, match: { api: cloudresourcemanager, method: projects.setIamPolicy }, times: 1, hang: { point: after-effect } }",
        "{ match: { api: container, kind: write }, times: 1, hang: { point: before-effect, for: 400ms } }",
        "{ match: { api: kubernetes, kind: read, cluster: {c} }, chance: 0.05, hang: { point: before-answer, for: 300ms } }",

        // Operations and pods that take their time.
        "{ match: { api: compute }, operation: { end: late, by: 400ms } }",
        "{ name: gate-{n}, match: { api: gkehub }, times: 1, operation: { end: never } }",
        "{ name: gate-{n}, match: { api: container }, times: 1, operation: { end: never } }",
        "{ name: gate-{n}, match: { api: serviceusage }, times: 1, operation: { end: never } }",
        "{ match: { cluster: {c} }, pods: { for: 2s } }",

        // Clusters that vanish and come back.
        "{ match: { api: kubernetes, method: patch deployments, cluster: {c} }, vanish: { cluster: {c}, what: api-server, for: 700ms } }",
        "{ match: { api: container, method: clusters.setResourceLabels, cluster: {c} }, vanish: { cluster: {c}, for: 700ms } }",
        "{ at: {t}, vanish: { cluster: {c}, what: api-server, for: 700ms } }",
        "{ at: {t}, vanish: { cluster: {c}, for: 500ms } }",

        // Answers that are not of now, and what others wrote meanwhile.
        "{ match: { kind: read, api: cloudresourcemanager }, chance: 0.5, stale: { for: 400ms } }",
        "{ match: { api: container, method: clusters.get }, chance: 0.5, stale: { for: 300ms } }",
        "{ match: { api: gkehub, method: memberships.get }, chance: 0.5, stale: { for: 300ms } }",
        "{ match: { api: compute, kind: read }, chance: 0.3, stale: { for: 300ms } }",
        "{ match: { api: serviceusage, kind: read }, chance: 0.3, stale: { for: 300ms } }",
        "{ match: { api: cloudresourcemanager, method: projects.setIamPolicy }, times: 2, otherWriter: true }",
        "{ match: { api: container, method: clusters.setResourceLabels }, times: 2, otherWriter: true }",
        "{ match: { api: gkehub, method: memberships.delete }, times: 1, otherWriter: true }",
        "{ match: { api: kubernetes, method: update namespaces, cluster: {c} }, times: 2, otherWriter: true }",
        "{ match: { api: kubernetes, method: delete *, cluster: {c} }, chance: 0.2, otherWriter: true }",

        // Tokens, lists and permissions.
        "{ chance: 0.05, expireToken: true }",
        "{ match: { api: kubernetes, cluster: {c} }, after: 10, times: 3, expireToken: true }",
        "{ match: { api: container, method: clusters.list }, times: 2, partial: {} }",
        "{ match: { api: gkehub, method: memberships.list }, times: 3, partial: {} }",
        "{ match: { api: gkehub, method: memberships.list }, times: 2, partial: { locations: [{l}] } }",
        "{ propagation: { grants: 600ms, apis: 600ms } }",
        "{ match: { project: demo-apps }, propagation: { grants: 2s } }",
        "{ match: { project: demo-fleet }, propagation: { apis: 2s } }",
    ];

    /// <summary>Each may make a step fail for good.</summary>
    public static IReadOnlyList<string> Lasting { get; } =
    [
        "{ match: { api: kubernetes, method: patch deployments, resource: '{r}/k8s/namespaces/istio-system' }, refuse: { status: 403, code: Forbidden } }",
        "{ match: { api: kubernetes, method: patch mutatingwebhookconfigurations, cluster: {c} }, refuse: { status: 403, code: Forbidden } }",
        "{ match: { api: kubernetes, method: update namespaces, cluster: {c} }, refuse: { status: 403, code: Forbidden } }",
        "{ match: { api: container, method: clusters.setResourceLabels, cluster: {c} }, after: 1, refuse: { code: PERMISSION_DENIED } }",
        "{ match: { api: container, method: clusters.setResourceLabels, cluster: {c} }, times: 1, refuse: { code: PERMISSION_DENIED } }",
        "{ match: { api: gkehub, method: memberships.create }, times: 1, refuse: { code: PERMISSION_DENIED } }",
        "{ match: { api: gkehub }, times: 1, operation: { end: fail, code: ABORTED } }",
        "{ match: { api: container }, times: 1, operation: { end: fail, code: INTERNAL } }",
        "{ match: { api: serviceusage }, times: 1, operation: { end: fail, code: INTERNAL } }",
        "{ match: { api: compute }, times: 1, operation: { end: fail, code: RESOURCE_EXHAUSTED } }",
        "{ match: { api: gkehub, method: memberships.create }, times: 1, operation: { end: never } }",
        "{ match: { api: container, method: clusters.setResourceLabels, cluster: {c} }, times: 1, operation: { end: never } }",
        "{ name: wall-{n}, match: { api: kubernetes, method: patch deployments, cluster: {c} }, hang: { point: before-effect } }",
        "{ match: { api: kubernetes, method: patch deployments, cluster: {c} }, vanish: { cluster: {c}, what: api-server } }",
        "{ match: { api: kubernetes, method: patch services, cluster: {c} }, vanish: { cluster: {c} } }",
        "{ match: { cluster: {c} }, pods: { namespace: istio-system } }",
        "{ match: { cluster: {c} }, pods: { namespace: istio-ingress, reason: ImagePullBackOff } }",
    ];

    /// <summary>What people do, each where it hurts.</summary>
    public static IReadOnlyList<string> People { get; } =
    [
        // They write on what was there, and on what was made.
        "{ match: { api: kubernetes, method: patch deployments, cluster: {c} }, edit: { cluster: {c}, path: /api/v1/namespaces/shop, body: { metadata: { labels: { somebody-else: was-here } } } } }",
        "{ match: { api: kubernetes, method: patch services, cluster: {c} }, edit: { cluster: {c}, method: POST, contentType: application/json, path: /api/v1/namespaces/istio-system/configmaps, body: { metadata: { name: somebody-else }, data: { a: b } } } }",
        "{ match: { api: kubernetes, method: patch deployments, cluster: {c} }, edit: { cluster: {c}, path: /api/v1/namespaces/istio-system, body: { metadata: { labels: { topology.istio.io/network: somebody-else } } } } }",
        "{ match: { api: kubernetes, method: patch mutatingwebhookconfigurations, cluster: {c} }, edit: { cluster: {c}, path: /apis/apps/v1/namespaces/istio-system/deployments/istiod-asm-1233-2, body: { metadata: { annotations: { somebody-else: was-here } } } } }",
        "{ at: {t}, edit: { cluster: {c}, path: /apis/apps/v1/namespaces/istio-system/deployments/istiod-asm-1233-2, body: { spec: { replicas: 0 } } } }",
        "{ at: {t}, edit: { cluster: {c}, path: /apis/apps/v1/namespaces/shop/deployments/cart, body: { metadata: { annotations: { somebody-else: was-here } } } } }",

        // They take away what was made, and what was there.
        "{ match: { api: kubernetes, method: patch services, resource: '{r}/k8s/namespaces/istio-ingress' }, edit: { cluster: {c}, method: DELETE, path: /apis/apps/v1/namespaces/istio-system/deployments/istiod-asm-1233-2 } }",
        "{ match: { api: kubernetes, method: patch poddisruptionbudgets, cluster: {c} }, edit: { cluster: {c}, method: DELETE, path: /api/v1/namespaces/istio-system/services/istiod-asm-1233-2 } }",
        "{ at: {t}, edit: { cluster: {c}, method: DELETE, path: /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector-asm-1233-2 } }",
        "{ at: {t}, edit: { cluster: {c}, method: DELETE, path: /api/v1/namespaces/istio-ingress } }",
        "{ at: {t}, edit: { cluster: {c}, method: DELETE, path: /apis/apps/v1/namespaces/shop/deployments/cart } }",
        "{ at: {t}, edit: { cluster: {c}, method: DELETE, path: /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/meshworkflow } }",

        // They are at work in Google Cloud.
        "{ at: {t}, edit: { api: serviceusage, method: POST, path: 'v1/projects/demo-fleet/services/meshconfig.googleapis.com:disable', body: {} } }",
        "{ at: {t}, edit: { api: cloudresourcemanager, method: POST, path: 'v1/projects/demo-apps:setIamPolicy', body: {policy} } }",
        "{ match: { api: kubernetes, method: patch deployments, cluster: {c} }, edit: { api: gkehub, method: DELETE, path: 'v1/projects/demo-fleet/locations/{l}/memberships/{c}' } }",
    ];
}
