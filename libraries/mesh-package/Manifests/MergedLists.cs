namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// What istioctl says of an operator's fields beside their types: which lists are merged, by which key, which grow, and which maps are
/// replaced. By their place, without what stands before <c>meshConfig</c>: it may stand below <c>values</c>, too.
/// </summary>
internal static class MergedLists
{
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

    private static readonly string[] ReplacedMaps =
    [
        "meshConfig.defaultConfig.tracing", "meshConfig.defaultConfig.sds", "meshConfig.defaultConfig.gatewayTopology",
        "gateways.istio-ingressgateway.cpu", "gateways.istio-egressgateway.zvpn",
    ];

    /// <summary>The place of a field of a map.</summary>
    public static string PlaceOf(string place, string key) => place.Length == 0 || key == "meshConfig" || place == "values" ? key : $"{place}.{key}";

    /// <summary>The field by which a list's items are merged; null: they aren't.</summary>
    public static string? KeyOf(string place) => Keys.GetValueOrDefault(place);

    /// <summary>Whether a list of values gets what it lacks, and keeps what it has.</summary>
    public static bool Grows(string place) => Growing.Contains(place);

    /// <summary>Whether a map is replaced as one.</summary>
    public static bool IsReplaced(string place) => ReplacedMaps.Contains(place);
}
