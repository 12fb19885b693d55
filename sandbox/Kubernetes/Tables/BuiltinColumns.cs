using System.Globalization;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Kubernetes.Objects;

namespace MeshWorkflow.Sandbox.Kubernetes.Tables;

/// <summary>The columns of the built-in kinds, between name and age.</summary>
internal static class BuiltinColumns
{
    private static readonly Dictionary<string, TableColumn[]> Columns = new(StringComparer.Ordinal)
    {
        ["namespaces"] = [new("Status", item => item.Object("status").Text("phase"))],
        ["nodes"] =
        [
            new("Status", item => Conditions.IsTrue(item, "Ready") ? "Ready" : "NotReady"),
            new("Roles", _ => "<none>"),
            new("Version", item => item.Object("status").Object("nodeInfo").Text("kubeletVersion")),
        ],
        ["pods"] =
        [
            new("Ready", item => Ready(item)),
            new("Status", item => PodPhase(item)),
            new("Restarts", item => item.Object("status").Objects("containerStatuses").Sum(status => status.Number("restartCount") ?? 0), "integer"),
            new("IP", item => Some(item.Object("status").Text("podIP")), Priority: 1),
            new("Node", item => Some(item.Object("spec").Text("nodeName")), Priority: 1),
            new("Nominated Node", _ => "<none>", Priority: 1),
            new("Readiness Gates", _ => "<none>", Priority: 1),
        ],
        ["services"] =
        [
            new("Type", item => item.Object("spec").Text("type")),
            new("Cluster-IP", item => Some(item.Object("spec").Text("clusterIP"))),
            new("External-IP", item => External(item)),
            new("Port(s)", item => Ports(item)),
            new("Selector", item => Labels(item.Object("spec"), "selector"), Priority: 1),
        ],
        ["endpoints"] = [new("Endpoints", item => Addresses(item))],
        ["configmaps"] = [new("Data", item => item.Object("data")?.Count ?? 0, "integer")],
        ["secrets"] = [new("Type", item => item.Text("type")), new("Data", item => item.Object("data")?.Count ?? 0, "integer")],
        ["serviceaccounts"] = [new("Secrets", item => item.Objects("secrets").Count(), "integer")],
        ["deployments.apps"] =
        [
            new("Ready", item => $"{Count(item, "readyReplicas")}/{item.Object("spec").Number("replicas") ?? 0}"),
            new("Up-to-date", item => Count(item, "updatedReplicas"), "integer"),
            new("Available", item => Count(item, "availableReplicas"), "integer"),
            .. Template(),
        ],
        ["replicasets.apps"] =
        [
            new("Desired", item => item.Object("spec").Number("replicas") ?? 0, "integer"),
            new("Current", item => Count(item, "replicas"), "integer"),
            new("Ready", item => Count(item, "readyReplicas"), "integer"),
            .. Template(),
        ],
        ["statefulsets.apps"] = [new("Ready", item => $"{Count(item, "readyReplicas")}/{item.Object("spec").Number("replicas") ?? 0}"), .. Template().Take(2)],
        ["daemonsets.apps"] =
        [
            new("Desired", item => Count(item, "desiredNumberScheduled"), "integer"),
            new("Current", item => Count(item, "currentNumberScheduled"), "integer"),
            new("Ready", item => Count(item, "numberReady"), "integer"),
            new("Up-to-date", item => Count(item, "updatedNumberScheduled"), "integer"),
            new("Available", item => Count(item, "numberAvailable"), "integer"),
            new("Node Selector", item => Labels(item.Object("spec").Object("template").Object("spec"), "nodeSelector")),
            .. Template(),
        ],
        ["jobs.batch"] =
        [
            new("Status", item => JobStatus(item)),
            new("Completions", item => $"{Count(item, "succeeded")}/{item.Object("spec").Number("completions") ?? 1}"),
            .. Template(),
        ],
        ["cronjobs.batch"] =
        [
            new("Schedule", item => item.Object("spec").Text("schedule")),
            new("Timezone", item => Some(item.Object("spec").Text("timeZone"))),
            new("Suspend", item => item.Object("spec").Flag("suspend") ? "True" : "False"),
            new("Active", item => item.Object("status").Objects("active").Count(), "integer"),
        ],
        ["controllerrevisions.apps"] =
        [
            new("Controller", item => item.ControllerReference() is { } owner ? $"{owner.Text("kind").ToLowerInvariant()}.apps/{owner.Text("name")}" : "<none>"),
            new("Revision", item => item.Number("revision") ?? 0, "integer"),
        ],
        ["horizontalpodautoscalers.autoscaling"] =
        [
            new("Reference", item => $"{item.Object("spec").Object("scaleTargetRef").Text("kind")}/{item.Object("spec").Object("scaleTargetRef").Text("name")}"),
            new("MinPods", item => item.Object("spec").Number("minReplicas") ?? 1, "string"),
            new("MaxPods", item => item.Object("spec").Number("maxReplicas") ?? 0, "integer"),
            new("Replicas", item => Count(item, "currentReplicas"), "integer"),
        ],
        ["poddisruptionbudgets.policy"] =
        [
            new("Min Available", item => Some(item.Object("spec")?["minAvailable"]?.ToString() ?? "", "N/A")),
            new("Max Unavailable", item => Some(item.Object("spec")?["maxUnavailable"]?.ToString() ?? "", "N/A")),
            new("Allowed Disruptions", item => Count(item, "disruptionsAllowed"), "integer"),
        ],
        ["customresourcedefinitions.apiextensions.k8s.io"] = [new("Created At", item => item.Object("metadata").Text("creationTimestamp"), "date")],
        ["mutatingwebhookconfigurations.admissionregistration.k8s.io"] = [new("Webhooks", item => item.Objects("webhooks").Count(), "integer")],
        ["validatingwebhookconfigurations.admissionregistration.k8s.io"] = [new("Webhooks", item => item.Objects("webhooks").Count(), "integer")],
        ["leases.coordination.k8s.io"] = [new("Holder", item => item.Object("spec").Text("holderIdentity"))],
        ["rolebindings.rbac.authorization.k8s.io"] = [RoleColumn()],
        ["clusterrolebindings.rbac.authorization.k8s.io"] = [RoleColumn()],
        ["networkpolicies.networking.k8s.io"] = [new("Pod-Selector", item => Labels(item.Object("spec").Object("podSelector"), "matchLabels"))],
    };

    public static IReadOnlyList<TableColumn>? Of(string groupResource) => Columns.GetValueOrDefault(groupResource);

    private static TableColumn RoleColumn() => new("Role", item => $"{item.Object("roleRef").Text("kind")}/{item.Object("roleRef").Text("name")}");

    private static IEnumerable<TableColumn> Template() =>
    [
        new("Containers", item => string.Join(",", Containers(item).Select(container => container.Text("name"))), Priority: 1),
        new("Images", item => string.Join(",", Containers(item).Select(container => container.Text("image"))), Priority: 1),
        new("Selector", item => Labels(item.Object("spec").Object("selector"), "matchLabels"), Priority: 1),
    ];

    private static IEnumerable<JsonObject> Containers(JsonObject item) => item.Object("spec").Object("template").Object("spec").Objects("containers");

    private static long Count(JsonObject item, string field) => item.Object("status").Number(field) ?? 0;

    private static string Ready(JsonObject pod) => string.Create(
        CultureInfo.InvariantCulture,
        $"{pod.Object("status").Objects("containerStatuses").Count(status => status.Flag("ready"))}/{pod.Object("spec").Objects("containers").Count()}");

    private static string JobStatus(JsonObject job) =>
        Conditions.IsTrue(job, "Complete") ? "Complete" : Conditions.IsTrue(job, "Failed") ? "Failed" : job.Object("spec").Flag("suspend") ? "Suspended" : "Running";

    private static string PodPhase(JsonObject pod)
    {
        if (pod.IsTerminating())
        {
            return "Terminating";
        }

        if (pod.Object("status").Text("phase") is "Succeeded" or "Failed")
        {
            return pod.Object("status").Text("phase") == "Succeeded" ? "Completed" : "Error";
        }

        var waiting = pod.Object("status").Objects("containerStatuses")
            .Select(status => status.Object("state").Object("waiting").Text("reason")).FirstOrDefault(reason => reason.Length > 0);
        return waiting ?? (pod.Object("status").Text("phase") == "Pending" && pod.Object("spec").Text("nodeName").Length > 0
            ? "ContainerCreating"
            : pod.Object("status").Text("phase"));
    }

    private static string External(JsonObject service) => service.Object("spec").Text("type") == "LoadBalancer"
        ? Some(string.Join(",", service.Object("status").Object("loadBalancer").Objects("ingress").Select(item => item.Text("ip"))), "<pending>")
        : "<none>";

    private static string Ports(JsonObject service) => Some(string.Join(",", service.Object("spec").Objects("ports").Select(port =>
        port.Number("nodePort") is { } node ? $"{port.Number("port")}:{node}/{port.Text("protocol")}" : $"{port.Number("port")}/{port.Text("protocol")}")));

    private static string Addresses(JsonObject endpoints) => Some(string.Join(",", endpoints.Objects("subsets").SelectMany(subset =>
        subset.Objects("addresses").SelectMany(address => subset.Objects("ports").Select(port => $"{address.Text("ip")}:{port.Number("port")}")))));

    private static string Labels(JsonNode? node, string field) => Some(string.Join(",", node.Entries(field).Select(label => $"{label.Key}={label.Value}")));

    private static string Some(string text, string otherwise = "<none>") => text.Length > 0 ? text : otherwise;
}
