using System.Globalization;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>istiod itself.</summary>
internal static class Istiod
{
    public static IEnumerable<JsonObject> Of(Names names, JsonObject spec)
    {
        var settings = spec["components"]?["pilot"]?["k8s"] as JsonObject ?? [];
        return
        [
            Service(names),
            Deployment(names, spec, settings),
            names.Object("policy/v1", "PodDisruptionBudget", names.Istiod, isOfCluster: false, ("spec", new JsonObject
            {
                ["minAvailable"] = 1,
                ["selector"] = new JsonObject { ["matchLabels"] = Selector(names) },
            })),
            Autoscaler(names, settings["hpaSpec"] as JsonObject ?? []),
        ];
    }

    private static JsonObject Selector(Names names) => new() { ["app"] = "istiod", ["istio.io/rev"] = names.Revision };

    private static JsonObject Service(Names names) => names.Object("v1", "Service", names.Istiod, isOfCluster: false, ("spec", new JsonObject
    {
        ["ports"] = new JsonArray(
            Port("grpc-xds", 15010), Port("https-dns", 15012), Port("https-webhook", 443, 15017), Port("http-monitoring", 15014)),
        ["selector"] = Selector(names),
    }));

    private static JsonNode Port(string name, int port, int? target = null)
    {
        var made = new JsonObject { ["name"] = name, ["port"] = port, ["protocol"] = "TCP" };
        if (target is { } number)
        {
            made["targetPort"] = number;
        }

        return made;
    }

    private static JsonObject Autoscaler(Names names, JsonObject settings)
    {
        var least = Number(settings["minReplicas"], 1);
        return names.Object("autoscaling/v2", "HorizontalPodAutoscaler", names.Istiod, isOfCluster: false, ("spec", new JsonObject
        {
            ["maxReplicas"] = Math.Max(least, Number(settings["maxReplicas"], 5)),
            ["minReplicas"] = least,
            ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = names.Istiod },
            ["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject
                {
                    ["name"] = "cpu",
                    ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80 },
                },
            }),
        }));
    }

    private static JsonObject Deployment(Names names, JsonObject spec, JsonObject settings) =>
        names.Object("apps/v1", "Deployment", names.Istiod, isOfCluster: false, ("spec", new JsonObject
        {
            ["strategy"] = new JsonObject
            {
                ["rollingUpdate"] = new JsonObject { ["maxSurge"] = "100%", ["maxUnavailable"] = "25%" },
            },
            ["selector"] = new JsonObject { ["matchLabels"] = Selector(names) },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = new JsonObject
                    {
                        ["app"] = "istiod",
                        ["istio"] = names.Revision == "default" ? "pilot" : "istiod",
                        ["istio.io/rev"] = names.Revision,
                        ["sidecar.istio.io/inject"] = "false",
                    },
                    ["annotations"] = new JsonObject { ["prometheus.io/port"] = "15014", ["prometheus.io/scrape"] = "true" },
                },
                ["spec"] = Pod(names, spec, settings),
            },
        }));

    private static JsonObject Pod(Names names, JsonObject spec, JsonObject settings) => new()
    {
        ["serviceAccountName"] = names.Istiod,
        ["containers"] = new JsonArray(new JsonObject
        {
            ["name"] = "discovery",
            ["image"] = Configuration.Pilot(spec),
            ["args"] = new JsonArray("discovery", "--monitoringAddr=:15014", "--domain", "cluster.local", "--keepaliveMaxServerConnectionAge", "30m"),
            ["ports"] = new JsonArray(Listen(8080), Listen(15010), Listen(15012), Listen(15017)),
            ["readinessProbe"] = new JsonObject
            {
                ["httpGet"] = new JsonObject { ["path"] = "/ready", ["port"] = 8080 },
                ["initialDelaySeconds"] = 1,
                ["periodSeconds"] = 3,
                ["timeoutSeconds"] = 5,
            },
            ["env"] = Environment(names, spec, settings),
            ["resources"] = settings["resources"]?.DeepClone() ?? new JsonObject(),
            ["volumeMounts"] = new JsonArray(
                new JsonObject { ["name"] = "istio-token", ["mountPath"] = "/var/run/secrets/tokens", ["readOnly"] = true },
                new JsonObject { ["name"] = "cacerts", ["mountPath"] = "/etc/cacerts", ["readOnly"] = true }),
        }),
        ["volumes"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "istio-token",
                ["projected"] = new JsonObject
                {
                    ["sources"] = new JsonArray(new JsonObject
                    {
                        ["serviceAccountToken"] = new JsonObject
                        {
                            ["audience"] = Configuration.Global(spec)["sds"]?["token"]?["aud"]?.ToString() ?? "istio-ca",
                            ["expirationSeconds"] = 43200,
                            ["path"] = "istio-token",
                        },
                    }),
                },
            },
            new JsonObject { ["name"] = "cacerts", ["secret"] = new JsonObject { ["secretName"] = "cacerts", ["optional"] = true } }),
    };

    private static JsonNode Listen(int port) => new JsonObject { ["containerPort"] = port, ["protocol"] = "TCP" };

    private static JsonArray Environment(Names names, JsonObject spec, JsonObject settings)
    {
        var global = Configuration.Global(spec);
        var variables = new JsonArray(
            Variable("REVISION", names.Revision),
            Variable("PILOT_CERT_PROVIDER", global["pilotCertProvider"]?.ToString() ?? "istiod"),
            new JsonObject
            {
                ["name"] = "POD_NAMESPACE",
                ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" } },
            },
            Variable("INJECTION_WEBHOOK_CONFIG_NAME", names.Injector),
            Variable("VALIDATION_WEBHOOK_CONFIG_NAME", names.Validator),
            Variable("CLUSTER_ID", global["multiCluster"]?["clusterName"]?.ToString() is { Length: > 0 } id ? id : "Kubernetes"));
        foreach (var (key, value) in spec["values"]?["pilot"]?["env"] as JsonObject ?? [])
        {
            variables.Add(Variable(key, value?.ToString() ?? ""));
        }

        foreach (var extra in settings["env"] as JsonArray ?? [])
        {
            variables.Add(extra!.DeepClone());
        }

        return variables;
    }

    private static JsonNode Variable(string name, string value) => new JsonObject { ["name"] = name, ["value"] = value };

    private static int Number(JsonNode? node, int otherwise) =>
        int.TryParse(node?.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
