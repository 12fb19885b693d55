using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>Who istiod is and what it may do.</summary>
internal static class Access
{
    private const string Rbac = "rbac.authorization.k8s.io";

    public static IEnumerable<JsonObject> Of(Names names)
    {
        var (clusterRole, gatewayRole, readerRole) = (
            names.OfCluster("istiod-clusterrole"), names.OfCluster("istiod-gateway-controller"), names.OfCluster("istio-reader-clusterrole"));
        return
        [
            names.Object("v1", "ServiceAccount", names.Istiod, isOfCluster: false),
            Role(names, "ClusterRole", clusterRole, Istiod()),
            Role(names, "ClusterRole", gatewayRole, Gateways()),
            Role(names, "ClusterRole", readerRole, Reading()),
            Binding(names, "ClusterRole", clusterRole, names.Istiod),
            Binding(names, "ClusterRole", gatewayRole, names.Istiod),
            Binding(names, "ClusterRole", readerRole, "istio-reader-service-account"),
            Role(names, "Role", names.Istiod, OwnNamespace()),
            Binding(names, "Role", names.Istiod, names.Istiod),
        ];
    }

    private static JsonObject Role(Names names, string kind, string name, JsonArray rules) =>
        names.Object($"{Rbac}/v1", kind, name, kind == "ClusterRole", ("rules", rules));

    private static JsonObject Binding(Names names, string role, string name, string account) => names.Object(
        $"{Rbac}/v1",
        role == "ClusterRole" ? "ClusterRoleBinding" : "RoleBinding",
        name,
        role == "ClusterRole",
        ("roleRef", new JsonObject { ["apiGroup"] = Rbac, ["kind"] = role, ["name"] = name }),
        ("subjects", new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = account, ["namespace"] = names.Namespace })));

    private static JsonArray Istiod() => new(
        Rule(["admissionregistration.k8s.io"], ["mutatingwebhookconfigurations"], "get", "list", "watch", "update", "patch"),
        Rule(["admissionregistration.k8s.io"], ["validatingwebhookconfigurations"], "get", "list", "watch", "update"),
        Rule(["networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"], ["*"], "get", "watch", "list"),
        Rule(["networking.istio.io"], ["workloadentries", "workloadentries/status"], "get", "watch", "list", "update", "patch", "create", "delete"),
        Rule(["apiextensions.k8s.io"], ["customresourcedefinitions"], "get", "list", "watch"),
        Rule([""], ["pods", "nodes", "services", "namespaces", "endpoints"], "get", "list", "watch"),
        Rule(["discovery.k8s.io"], ["endpointslices"], "get", "list", "watch"),
        Rule([""], ["configmaps"], "create", "get", "list", "watch", "update"),
        Rule(["authentication.k8s.io"], ["tokenreviews"], "create"),
        Rule(["authorization.k8s.io"], ["subjectaccessreviews"], "create"),
        Rule([""], ["secrets"], "get", "watch", "list"));

    private static JsonArray Gateways() => new(
        Rule(["apps"], ["deployments"], "get", "watch", "list", "update", "patch", "create", "delete"),
        Rule([""], ["services", "serviceaccounts"], "get", "watch", "list", "update", "patch", "create", "delete"));

    private static JsonArray Reading() => new(
        Rule(["networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"], ["*"], "get", "list", "watch"),
        Rule([""], ["endpoints", "pods", "services", "nodes", "replicationcontrollers", "namespaces", "secrets"], "get", "list", "watch"),
        Rule(["apiextensions.k8s.io"], ["customresourcedefinitions"], "get", "list", "watch"),
        Rule(["discovery.k8s.io"], ["endpointslices"], "get", "list", "watch"),
        Rule(["apps"], ["replicasets"], "get", "list", "watch"),
        Rule(["authentication.k8s.io"], ["tokenreviews"], "create"),
        Rule(["authorization.k8s.io"], ["subjectaccessreviews"], "create"));

    private static JsonArray OwnNamespace() => new(
        Rule(["networking.istio.io"], ["gateways"], "create"),
        Rule([""], ["secrets"], "create", "get", "watch", "list", "update", "delete"),
        Rule([""], ["configmaps"], "delete"),
        Rule(["coordination.k8s.io"], ["leases"], "get", "update", "patch", "create"));

    private static JsonNode Rule(string[] groups, string[] resources, params string[] verbs) =>
        new JsonObject { ["apiGroups"] = Texts(groups), ["resources"] = Texts(resources), ["verbs"] = Texts(verbs) };

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
