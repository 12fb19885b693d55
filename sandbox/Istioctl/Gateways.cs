using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Istioctl;

/// <summary>The gateways that an operator asks for; none by default.</summary>
internal static class Gateways
{
    public static IEnumerable<JsonObject> Of(Names names, JsonObject spec) =>
        Wanted(spec, "ingressGateways", "ingressgateway").Concat(Wanted(spec, "egressGateways", "egressgateway"))
            .SelectMany(gateway => Of(names, spec, gateway.Name, gateway.Role, gateway.Settings));

    private static IEnumerable<(string Name, string Role, JsonObject Settings)> Wanted(JsonObject spec, string kind, string role) =>
        (spec["components"]?[kind] as JsonArray ?? []).OfType<JsonObject>()
            .Where(gateway => gateway["enabled"]?.ToString() == "true")
            .Select(gateway => (gateway["name"]?.ToString() ?? $"istio-{role}", role, gateway));

    private static IEnumerable<JsonObject> Of(Names names, JsonObject spec, string name, string role, JsonObject gateway)
    {
        JsonObject Labels() => new() { ["app"] = name, ["istio"] = role };
        JsonObject Made(string apiVersion, string kind, params (string Key, JsonNode? Value)[] fields)
        {
            var made = names.Object(apiVersion, kind, name, isOfCluster: false, fields);
            foreach (var (key, value) in Labels())
            {
                made["metadata"]!["labels"]![key] = value!.DeepClone();
            }

            made["metadata"]!["labels"]!["operator.istio.io/component"] = role == "ingressgateway" ? "IngressGateways" : "EgressGateways";
            return made;
        }

        var settings = gateway["k8s"] as JsonObject ?? [];
        var service = (settings["service"] as JsonObject)?.DeepClone() as JsonObject ?? new JsonObject
        {
            ["type"] = role == "ingressgateway" ? "LoadBalancer" : "ClusterIP",
            ["ports"] = new JsonArray(
                new JsonObject { ["name"] = "http2", ["port"] = 80, ["targetPort"] = 8080 },
                new JsonObject { ["name"] = "https", ["port"] = 443, ["targetPort"] = 8443 }),
        };
        service["selector"] = Labels();
        service["type"] ??= role == "ingressgateway" ? "LoadBalancer" : "ClusterIP";
        yield return Made("v1", "ServiceAccount");
        var entrance = Made("v1", "Service", ("spec", service));
        if (settings["serviceAnnotations"] is JsonObject annotations)
        {
            entrance["metadata"]!["annotations"] = annotations.DeepClone();
        }

        yield return entrance;
        yield return Made("apps/v1", "Deployment", ("spec", new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = Labels() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name, ["istio"] = role, ["istio.io/rev"] = names.Revision } },
                ["spec"] = new JsonObject
                {
                    ["serviceAccountName"] = name,
                    ["containers"] = new JsonArray(new JsonObject { ["name"] = "istio-proxy", ["image"] = Configuration.Image(spec, "proxyv2") }),
                },
            },
        }));
        yield return Made("policy/v1", "PodDisruptionBudget", ("spec", new JsonObject
        {
            ["minAvailable"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = Labels() },
        }));
    }
}
