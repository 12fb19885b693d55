using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Kinds;
using MeshWorkflow.Sandbox.Kubernetes.Storage;

namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>The roles that every cluster has for people and controllers to be given.</summary>
internal static class DefaultRoles
{
    private const string Group = "rbac.authorization.k8s.io";
    private static readonly WriteFacts Facts = new("kube-apiserver");
    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["create", "delete", "deletecollection", "patch", "update"];

    private static readonly string[] Workloads =
    [
        "configmaps", "endpoints", "persistentvolumeclaims", "pods", "pods/log", "replicationcontrollers", "serviceaccounts", "services", "daemonsets",
        "deployments", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale", "horizontalpodautoscalers",
        "cronjobs", "jobs", "ingresses", "networkpolicies", "poddisruptionbudgets", "events", "limitranges", "resourcequotas",
    ];

    private static readonly string[] Groups = ["", "apps", "autoscaling", "batch", "networking.k8s.io", "policy", "discovery.k8s.io"];

    public static void Seed(ClusterState cluster)
    {
        Role(cluster, "cluster-admin", Rule(["*"], ["*"], ["*"]), new JsonObject { ["nonResourceURLs"] = Texts(["*"]), ["verbs"] = Texts(["*"]) });
        Role(cluster, "view", Rule(Groups, Workloads, Read), Rule([""], ["namespaces"], Read));
        Role(cluster, "edit", Rule(Groups, [.. Workloads, "secrets"], [.. Read, .. Write]), Rule([""], ["namespaces"], Read));
        Role(
            cluster,
            "admin",
            Rule(Groups, [.. Workloads, "secrets"], [.. Read, .. Write]),
            Rule([Group], ["roles", "rolebindings"], [.. Read, .. Write]),
            Rule([""], ["namespaces"], Read));
        cluster.Writer.Create(
            BuiltinKinds.Find(Group, "clusterrolebindings"),
            new JsonObject
            {
                ["kind"] = "ClusterRoleBinding",
                ["apiVersion"] = $"{Group}/v1",
                ["metadata"] = Metadata("cluster-admin"),
                ["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = "ClusterRole", ["name"] = "cluster-admin" },
                ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = Group, ["kind"] = "Group", ["name"] = "system:masters" }),
            },
            Facts);
    }

    private static void Role(ClusterState cluster, string name, params JsonObject[] rules) => cluster.Writer.Create(
        BuiltinKinds.Find(Group, "clusterroles"),
        new JsonObject
        {
            ["kind"] = "ClusterRole",
            ["apiVersion"] = $"{Group}/v1",
            ["metadata"] = Metadata(name),
            ["rules"] = new JsonArray([.. rules]),
        },
        Facts);

    private static JsonObject Metadata(string name) => new()
    {
        ["name"] = name,
        ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
    };

    private static JsonObject Rule(string[] groups, string[] resources, string[] verbs) =>
        new() { ["apiGroups"] = Texts(groups), ["resources"] = Texts(resources), ["verbs"] = Texts(verbs) };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
