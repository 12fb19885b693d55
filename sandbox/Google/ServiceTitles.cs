namespace MeshWorkflow.Sandbox.Google;

/// <summary>What Google calls its APIs.</summary>
internal static class ServiceTitles
{
    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["anthos"] = "Anthos API",
        ["cloudresourcemanager"] = "Cloud Resource Manager API",
        ["compute"] = "Compute Engine API",
        ["connectgateway"] = "Connect Gateway API",
        ["container"] = "Kubernetes Engine API",
        ["gkeconnect"] = "GKE Connect API",
        ["gkehub"] = "GKE Hub API",
        ["iam"] = "Identity and Access Management (IAM) API",
        ["iamcredentials"] = "IAM Service Account Credentials API",
        ["logging"] = "Cloud Logging API",
        ["mesh"] = "Mesh API",
        ["meshca"] = "Mesh CA API",
        ["meshconfig"] = "Mesh Configuration API",
        ["meshtelemetry"] = "Mesh Telemetry API",
        ["monitoring"] = "Cloud Monitoring API",
        ["multiclustermetering"] = "Multi cluster metering API",
        ["multiclusterservicediscovery"] = "Multi-Cluster Service Discovery API",
        ["networksecurity"] = "Network Security API",
        ["networkservices"] = "Network Services API",
        ["opsconfigmonitoring"] = "Config Monitoring for Ops API",
        ["privateca"] = "Certificate Authority API",
        ["servicemanagement"] = "Service Management API",
        ["serviceusage"] = "Service Usage API",
        ["stackdriver"] = "Stackdriver API",
        ["storage"] = "Cloud Storage API",
        ["sts"] = "Security Token Service API",
        ["trafficdirector"] = "Traffic Director API",
    };

    /// <summary>The APIs that can be enabled here, by short name.</summary>
    public static IEnumerable<string> All => Titles.Keys.Order(StringComparer.Ordinal);

    public static bool Exists(string api) => Titles.ContainsKey(api);

    public static string Of(string api) => Titles.GetValueOrDefault(api, $"{api}.googleapis.com");
}
