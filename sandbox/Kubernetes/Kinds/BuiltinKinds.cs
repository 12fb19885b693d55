namespace MeshWorkflow.Sandbox.Kubernetes.Kinds;

/// <summary>The kinds that every cluster has.</summary>
internal static class BuiltinKinds
{
    private static readonly Subresource Status = new("status", "get", "patch", "update");

    private static readonly Subresource Scale = new("scale", "get", "patch", "update") { Kind = "Scale", ApiVersion = "autoscaling/v1" };

    private static readonly ResourceKind Events = Core("events", "Event", "ev") with { MayCreateOnUpdate = true };

    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        Core("bindings", "Binding") with { Verbs = ["create"] },
        Cluster("", "componentstatuses", "ComponentStatus", "cs") with { Verbs = ["get", "list"] },
        Core("configmaps", "ConfigMap", "cm"),
        Core("endpoints", "Endpoints", "ep") with { MayCreateOnUpdate = true },
        Events,
        Core("limitranges", "LimitRange", "limits") with { MayCreateOnUpdate = true },
        Cluster("", "namespaces", "Namespace", "ns") with
        {
            Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
            Versions = [Version("", "v1", "Namespace", Status, new Subresource("finalize", "update"))],
        },
        Cluster("", "nodes", "Node", "no") with { Versions = [Version("", "v1", "Node", Status)] },
        Cluster("", "persistentvolumes", "PersistentVolume", "pv") with { Versions = [Version("", "v1", "PersistentVolume", Status)] },
        Core("persistentvolumeclaims", "PersistentVolumeClaim", "pvc") with { Versions = [Version("", "v1", "PersistentVolumeClaim", Status)] },
        Core("pods", "Pod", "po") with
        {
            Categories = ["all"],
            Versions =
            [
                Version(
                    "",
                    "v1",
                    "Pod",
                    Status,
                    new Subresource("binding", "create") { Kind = "Binding", ApiVersion = "v1" },
                    new Subresource("ephemeralcontainers", "get", "patch", "update"),
                    new Subresource("eviction", "create") { Kind = "Eviction", ApiVersion = "policy/v1" },
                    new Subresource("log", "get")),
            ],
        },
        Core("podtemplates", "PodTemplate"),
        Core("replicationcontrollers", "ReplicationController", "rc") with
        {
            Categories = ["all"], Versions = [Version("", "v1", "ReplicationController", Status, Scale)],
        },
        Core("resourcequotas", "ResourceQuota", "quota") with { Versions = [Version("", "v1", "ResourceQuota", Status)] },
        Core("secrets", "Secret"),
        Core("serviceaccounts", "ServiceAccount", "sa") with
        {
            Versions =
            [
                Version(
                    "",
                    "v1",
                    "ServiceAccount",
                    new Subresource("token", "create") { Kind = "TokenRequest", ApiVersion = "authentication.k8s.io/v1" }),
            ],
        },
        Core("services", "Service", "svc") with
        {
            Categories = ["all"], MayCreateOnUpdate = true, Versions = [Version("", "v1", "Service", Status)],
        },
        Cluster("apiregistration.k8s.io", "apiservices", "APIService") with
        {
            Categories = ["api-extensions"],
            MayUpdateUnconditionally = false,
            Versions = [Version("apiregistration.k8s.io", "v1", "APIService", Status)],
        },
        Namespaced("apps", "controllerrevisions", "ControllerRevision"),
        Namespaced("apps", "daemonsets", "DaemonSet", "ds") with { Categories = ["all"], Versions = [Version("apps", "v1", "DaemonSet", Status)] },
        Namespaced("apps", "deployments", "Deployment", "deploy") with
        {
            Categories = ["all"], Versions = [Version("apps", "v1", "Deployment", Status, Scale)],
        },
        Namespaced("apps", "replicasets", "ReplicaSet", "rs") with
        {
            Categories = ["all"], Versions = [Version("apps", "v1", "ReplicaSet", Status, Scale)],
        },
        Namespaced("apps", "statefulsets", "StatefulSet", "sts") with
        {
            Categories = ["all"], Versions = [Version("apps", "v1", "StatefulSet", Status, Scale)],
        },
        Namespaced("events.k8s.io", "events", "Event", "ev") with { MayCreateOnUpdate = true, Shows = Events },
        Review("authentication.k8s.io", "tokenreviews", "TokenReview"),
        Review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
        Namespaced("authorization.k8s.io", "localsubjectaccessreviews", "LocalSubjectAccessReview") with { Verbs = ["create"] },
        Review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
        Review("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
        Review("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
        Namespaced("autoscaling", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa") with
        {
            Categories = ["all"],
            Versions =
            [
                Version("autoscaling", "v2", "HorizontalPodAutoscaler", Status) with { IsStorage = true },
                Version("autoscaling", "v1", "HorizontalPodAutoscaler", Status),
            ],
        },
        Namespaced("batch", "cronjobs", "CronJob", "cj") with { Categories = ["all"], Versions = [Version("batch", "v1", "CronJob", Status)] },
        Namespaced("batch", "jobs", "Job") with { Categories = ["all"], Versions = [Version("batch", "v1", "Job", Status)] },
        Namespaced("networking.k8s.io", "ingresses", "Ingress", "ing") with
        {
            Versions = [Version("networking.k8s.io", "v1", "Ingress", Status)],
        },
        Cluster("networking.k8s.io", "ingressclasses", "IngressClass"),
        Namespaced("networking.k8s.io", "networkpolicies", "NetworkPolicy", "netpol"),
        Namespaced("policy", "poddisruptionbudgets", "PodDisruptionBudget", "pdb") with
        {
            MayUpdateUnconditionally = false, Versions = [Version("policy", "v1", "PodDisruptionBudget", Status)],
        },
        Cluster("rbac.authorization.k8s.io", "clusterrolebindings", "ClusterRoleBinding") with { MayCreateOnUpdate = true },
        Cluster("rbac.authorization.k8s.io", "clusterroles", "ClusterRole") with { MayCreateOnUpdate = true },
        Namespaced("rbac.authorization.k8s.io", "rolebindings", "RoleBinding") with { MayCreateOnUpdate = true },
        Namespaced("rbac.authorization.k8s.io", "roles", "Role") with { MayCreateOnUpdate = true },
        Cluster("storage.k8s.io", "storageclasses", "StorageClass", "sc"),
        Cluster("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration") with
        {
            Categories = ["api-extensions"],
        },
        Cluster("admissionregistration.k8s.io", "validatingadmissionpolicies", "ValidatingAdmissionPolicy") with
        {
            Categories = ["api-extensions"],
            Versions = [Version("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", Status)],
        },
        Cluster("admissionregistration.k8s.io", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding") with
        {
            Categories = ["api-extensions"],
        },
        Cluster("admissionregistration.k8s.io", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration") with
        {
            Categories = ["api-extensions"],
        },
        Cluster("apiextensions.k8s.io", "customresourcedefinitions", "CustomResourceDefinition", "crd", "crds") with
        {
            Categories = ["api-extensions"],
            MayUpdateUnconditionally = false,
            Versions = [Version("apiextensions.k8s.io", "v1", "CustomResourceDefinition", Status)],
        },
        Cluster("scheduling.k8s.io", "priorityclasses", "PriorityClass", "pc"),
        Namespaced("coordination.k8s.io", "leases", "Lease") with { MayCreateOnUpdate = true, MayUpdateUnconditionally = false },
        Namespaced("discovery.k8s.io", "endpointslices", "EndpointSlice"),
    ];

    /// <summary>A kind that is always there.</summary>
    public static ResourceKind Find(string group, string plural) => All.First(kind => kind.Group == group && kind.Plural == plural);

    private static ResourceKind Core(string plural, string kind, params string[] shortNames) => Namespaced("", plural, kind, shortNames);

    private static ResourceKind Namespaced(string group, string plural, string kind, params string[] shortNames) =>
        Of(group, plural, kind, isNamespaced: true, shortNames);

    private static ResourceKind Cluster(string group, string plural, string kind, params string[] shortNames) =>
        Of(group, plural, kind, isNamespaced: false, shortNames);

    private static ResourceKind Review(string group, string plural, string kind) => Cluster(group, plural, kind) with { Verbs = ["create"] };

    private static ResourceKind Of(string group, string plural, string kind, bool isNamespaced, string[] shortNames) =>
        new(group, plural, kind, isNamespaced) { ShortNames = shortNames, Versions = [Version(group, "v1", kind)] };

    private static KindVersion Version(string group, string version, string kind, params Subresource[] subresources) =>
        new(version) { Subresources = subresources, TypeName = TypeNames.Of(group, version, kind) };
}
