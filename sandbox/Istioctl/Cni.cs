using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>The plugin that sets pods' traffic up, where an operator asks for it: on every node, in a namespace of its own.</summary>
internal static class Cni
{
    private const string Name = "istio-cni-node";
    private const string Account = "istio-cni";

    public static IEnumerable<JsonObject> Of(Names names, JsonObject spec)
    {
        if (spec["components"]?["cni"] is not JsonObject component || component["enabled"]?.ToString() != "true")
        {
            return [];
        }

        var place = component["namespace"]?.ToString() ?? names.Namespace;
        var values = spec["values"]?["cni"] as JsonObject ?? [];
        return
        [
            Made("v1", "ServiceAccount", Account, place),
            Made("rbac.authorization.k8s.io/v1", "ClusterRole", Account, null, ("rules", new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray(""),
                ["resources"] = new JsonArray("pods", "nodes", "namespaces"),
                ["verbs"] = new JsonArray("get", "list", "watch"),
            }))),
            Made(
                "rbac.authorization.k8s.io/v1",
                "ClusterRoleBinding",
                Account,
                null,
                ("roleRef", new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = Account }),
                ("subjects", new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Account, ["namespace"] = place }))),
            Made("v1", "ConfigMap", "istio-cni-config", place, ("data", new JsonObject
            {
                ["CHAINED_CNI_PLUGIN"] = values["chained"]?.ToString() ?? "true",
                ["CNI_CONF_NAME"] = values["cniConfFileName"]?.ToString() ?? "",
                ["EXCLUDE_NAMESPACES"] = string.Join(',', (values["excludeNamespaces"] as JsonArray ?? []).Select(item => item?.ToString())),
            })),
            Daemon(spec, values, place),
        ];
    }

    private static JsonObject Daemon(JsonObject spec, JsonObject values, string place) => Made("apps/v1", "DaemonSet", Name, place, ("spec", new JsonObject
    {
        ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["k8s-app"] = Name } },
        ["template"] = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["k8s-app"] = Name, ["sidecar.istio.io/inject"] = "false" } },
            ["spec"] = new JsonObject
            {
                ["serviceAccountName"] = Account,
                ["hostNetwork"] = true,
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "install-cni",
                    ["image"] = Configuration.Image(spec, "install-cni"),
                    ["securityContext"] = values["privileged"]?.ToString() == "true"
                        ? new JsonObject { ["privileged"] = true }
                        : new JsonObject { ["runAsUser"] = 0 },
                    ["volumeMounts"] = new JsonArray(
                        new JsonObject { ["name"] = "cni-bin-dir", ["mountPath"] = "/host/opt/cni/bin" },
                        new JsonObject { ["name"] = "cni-net-dir", ["mountPath"] = "/host/etc/cni/net.d" }),
                }),
                ["volumes"] = new JsonArray(
                    Volume("cni-bin-dir", values["cniBinDir"]?.ToString() ?? "/opt/cni/bin"),
                    Volume("cni-net-dir", values["cniConfDir"]?.ToString() ?? "/etc/cni/net.d")),
            },
        },
    }));

    private static JsonNode Volume(string name, string path) =>
        new JsonObject { ["name"] = name, ["hostPath"] = new JsonObject { ["path"] = path } };

    // It serves all revisions: it carries none's label.
    private static JsonObject Made(string apiVersion, string kind, string name, string? place, params (string Key, JsonNode? Value)[] fields)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (place is not null)
        {
            metadata["namespace"] = place;
        }

        metadata["labels"] = new JsonObject { ["app"] = Name, ["operator.istio.io/component"] = "Cni", ["release"] = "istio" };
        var made = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
        foreach (var (key, value) in fields)
        {
            made[key] = value;
        }

        return made;
    }
}
