using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>A GKE cluster, as Google sees it.</summary>
internal sealed class GkeCluster(WorldCluster world)
{
    public string Project => world.Project;

    public string Location => world.Location;

    public string Name => world.Name;

    /// <summary><c>projects/P/locations/L/clusters/C</c>.</summary>
    public string RelativeName { get; } = $"projects/{world.Project}/locations/{world.Location}/clusters/{world.Name}";

    /// <summary>The full resource name.</summary>
    public string ResourceName => $"//container.googleapis.com/{RelativeName}";

    /// <summary>The address of its API server, <c>HOST:PORT</c>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The certificate authority of its API server, PEM.</summary>
    public string CertificateAuthority { get; set; } = "";

    public SortedDictionary<string, string> Labels { get; set; } = new(world.Labels.ToDictionary(), StringComparer.Ordinal);

    /// <summary>The relative name of its membership in a fleet, with the fleet's number; null: none.</summary>
    public string? Membership { get; set; }

    /// <summary>The number of its fleet's project.</summary>
    public string? FleetNumber { get; set; }

    public string LabelFingerprint => Convert.ToHexStringLower(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Labels)))[..8];

    private string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RelativeName)))[..32];

    public JsonObject Show()
    {
        var cluster = new JsonObject
        {
            ["name"] = Name,
            ["masterAuth"] = new JsonObject { ["clusterCaCertificate"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(CertificateAuthority)) },
            ["loggingService"] = "logging.googleapis.com/kubernetes",
            ["monitoringService"] = "monitoring.googleapis.com/kubernetes",
            ["network"] = world.Network,
            ["subnetwork"] = "default",
            ["clusterIpv4Cidr"] = "10.4.0.0/14",
            ["servicesIpv4Cidr"] = "10.8.0.0/20",
            ["locations"] = new JsonArray(Location),
            ["resourceLabels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))),
            ["labelFingerprint"] = LabelFingerprint,
            ["ipAllocationPolicy"] = new JsonObject { ["useIpAliases"] = true },
            ["networkConfig"] = new JsonObject { ["network"] = $"projects/{Project}/global/networks/{world.Network}" },
            ["releaseChannel"] = new JsonObject { ["channel"] = "REGULAR" },
            ["workloadIdentityConfig"] = new JsonObject { ["workloadPool"] = $"{Project}.svc.id.goog" },
            ["autopilot"] = new JsonObject(),
            ["selfLink"] = $"https://container.googleapis.com/v1/{RelativeName}",
            ["zone"] = Location,
            ["endpoint"] = Endpoint,
            ["currentMasterVersion"] = "1.31.6-gke.1064001",
            ["currentNodeVersion"] = "1.31.6-gke.1064001",
            ["createTime"] = "2026-01-02T03:04:05+00:00",
            ["status"] = "RUNNING",
            ["currentNodeCount"] = 2,
            ["location"] = Location,
            ["id"] = Id,
        };
        if (Membership is not null)
        {
            cluster["fleet"] = new JsonObject { ["project"] = FleetNumber, ["membership"] = $"//gkehub.googleapis.com/{Membership}" };
        }

        return cluster;
    }
}
