using System.Text.Json.Nodes;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// Lays one IstioOperator over another, as istioctl does: a strategic merge. Maps are merged, a null takes a field away, gateways
/// and a few other lists are merged by their key, lists of trust domains and of export targets grow, every other list is replaced.
/// </summary>
internal static class OperatorMerge
{
    private const string Directive = "$patch";

    // By the place in the operator, without what stands before meshConfig: it may stand below values, too.
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["components.ingressGateways"] = "name",
        ["components.egressGateways"] = "name",
        ["meshConfig.configSources"] = "address",
        ["meshConfig.certificates"] = "secretName",
        ["meshConfig.extensionProviders"] = "name",
        ["gateways.istio-ingressgateway.ports"] = "name",
        ["gateways.istio-ingressgateway.meshExpansionPorts"] = "name",
        ["gateways.istio-ingressgateway.secretVolumes"] = "name",
        ["gateways.istio-egressgateway.ports"] = "name",
        ["gateways.istio-egressgateway.secretVolumes"] = "name",
    };

    private static readonly string[] Growing =
    [
        "meshConfig.trustDomainAliases", "meshConfig.defaultServiceExportTo", "meshConfig.defaultVirtualServiceExportTo",
        "meshConfig.defaultDestinationRuleExportTo",
    ];

    /// <summary>Lays an operator's spec over another one, which becomes the result.</summary>
    public static void Lay(JsonObject over, JsonObject spec) => LayMap(over, spec, "");

    private static void LayMap(JsonObject over, JsonObject onto, string place)
    {
        if (over[Directive]?.ToString() is "replace" or "delete")
        {
            foreach (var key in onto.Select(field => field.Key).ToList())
            {
                onto.Remove(key);
            }
        }

        foreach (var (key, value) in over.Where(field => field.Key != Directive))
        {
            LayField(onto, key, value, place.Length == 0 || key == "meshConfig" || place == "values" ? key : $"{place}.{key}");
        }
    }

    private static void LayField(JsonObject onto, string key, JsonNode? value, string place)
    {
        switch (value, onto[key])
        {
            case (null, _):
                onto.Remove(key);
                break;
            case (JsonObject over, JsonObject known):
                LayMap(over, known, place);
                break;
            case (JsonObject over, _):
                var made = new JsonObject();
                onto[key] = made;
                LayMap(over, made, place);
                break;
            case (JsonArray over, JsonArray known) when Keys.TryGetValue(place, out var name):
                LayItems(over, known, name, place);
                break;
            case (JsonArray over, JsonArray known) when Growing.Contains(place):
                foreach (var item in over.Where(item => !known.Any(one => JsonNode.DeepEquals(one, item))).ToList())
                {
                    known.Add(item?.DeepClone());
                }

                break;
            default:
                onto[key] = value.DeepClone();
                break;
        }
    }

    private static void LayItems(JsonArray over, JsonArray known, string name, string place)
    {
        foreach (var item in over.OfType<JsonObject>())
        {
            var same = known.OfType<JsonObject>().FirstOrDefault(one => one[name]?.ToString() == item[name]?.ToString());
            if (item[Directive]?.ToString() == "delete")
            {
                known.Remove(same);
            }
            else if (same is not null)
            {
                LayMap(item, same, place);
            }
            else
            {
                known.Add(item.DeepClone());
            }
        }
    }
}
