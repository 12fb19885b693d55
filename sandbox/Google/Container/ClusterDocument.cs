using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>What Google knows of a cluster at the start of the world.</summary>
internal static class ClusterDocument
{
    public static JsonObject Of(WorldCluster world)
    {
        var relativeName = $"projects/{world.Project}/locations/{world.Location}/clusters/{world.Name}";
        var network = $"projects/{world.NetworkProject ?? world.Project}/global/networks/{world.Network}";
        var cluster = new JsonObject
        {
            ["name"] = world.Name,
            ["loggingService"] = world.LoggingService,
            ["monitoringService"] = world.MonitoringService,
            ["network"] = world.Network,
            ["clusterIpv4Cidr"] = world.PodRange,
            ["subnetwork"] = world.Subnetwork,
            ["nodePools"] = new JsonArray([.. world.NodePools.Select(pool => NodePool(world, pool))]),
            ["locations"] = Zones(world),
            ["ipAllocationPolicy"] = new JsonObject
            {
                ["useIpAliases"] = true,
                ["clusterIpv4CidrBlock"] = world.PodRange,
                ["servicesIpv4CidrBlock"] = world.ServiceRange,
            },
            ["networkConfig"] = new JsonObject
            {
                ["network"] = network,
                ["subnetwork"] = $"projects/{world.NetworkProject ?? world.Project}/regions/{RegionOf(world.Location)}/subnetworks/{world.Subnetwork}",
                ["datapathProvider"] = "ADVANCED_DATAPATH",
            },
            ["releaseChannel"] = new JsonObject { ["channel"] = world.ReleaseChannel },
            ["autopilot"] = world.Autopilot ? new JsonObject { ["enabled"] = true } : [],
            ["selfLink"] = $"https://container.googleapis.com/v1/{relativeName}",
            ["zone"] = world.Location,
            ["initialClusterVersion"] = world.Version,
            ["currentMasterVersion"] = world.Version,
            ["currentNodeVersion"] = world.Version,
            ["createTime"] = "2026-01-02T03:04:05+00:00",
            ["status"] = world.Status,
            ["servicesIpv4Cidr"] = world.ServiceRange,
            ["currentNodeCount"] = world.NodePools.Sum(pool => pool.Nodes),
            ["location"] = world.Location,
            ["id"] = IdOf(relativeName),
        };
        if (world.WorkloadIdentity || world.Autopilot)
        {
            cluster["workloadIdentityConfig"] = new JsonObject { ["workloadPool"] = $"{world.Project}.svc.id.goog" };
        }

        AddPrivate(cluster, world);
        return cluster;
    }

    /// <summary>The region of a zone, or the region itself.</summary>
    public static string RegionOf(string location) => location.Split('-') is [var continent, var area, _] ? $"{continent}-{area}" : location;

    /// <summary>A cluster's hash; the first eight digits stand in the names of its firewall rules and node tags.</summary>
    public static string IdOf(string relativeName) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(relativeName)))[..32];

    private static JsonObject NodePool(WorldCluster world, WorldNodePool pool)
    {
        var isGke = pool.GkeMetadata ?? (world.WorkloadIdentity || world.Autopilot);
        var config = new JsonObject
        {
            ["machineType"] = pool.MachineType,
            ["diskSizeGb"] = 100,
            ["oauthScopes"] = new JsonArray("https://www.googleapis.com/auth/cloud-platform"),
            ["workloadMetadataConfig"] = new JsonObject { ["mode"] = isGke ? "GKE_METADATA" : "GCE_METADATA" },
        };
        if (pool.Tags.Count > 0)
        {
            config["tags"] = new JsonArray([.. pool.Tags.Select(tag => JsonValue.Create(tag))]);
        }

        return new JsonObject
        {
            ["name"] = pool.Name,
            ["config"] = config,
            ["initialNodeCount"] = pool.Nodes,
            ["version"] = world.Version,
            ["status"] = "RUNNING",
            ["locations"] = Zones(world),
            ["selfLink"] = $"https://container.googleapis.com/v1/projects/{world.Project}/locations/{world.Location}/clusters/{world.Name}/nodePools/{pool.Name}",
            ["etag"] = IdOf($"{world.Project}/{world.Location}/{world.Name}/{pool.Name}")[..8],
        };
    }

    private static JsonArray Zones(WorldCluster world) =>
        world.Location.Split('-').Length > 2 ? new JsonArray(world.Location) : new JsonArray($"{world.Location}-a", $"{world.Location}-b");

    private static void AddPrivate(JsonObject cluster, WorldCluster world)
    {
        var endpoints = new JsonObject { ["enabled"] = true, ["enablePublicEndpoint"] = !world.PrivateEndpoint };
        if (world.MasterRange is { } range)
        {
            var inside = FirstHost(range);
            var config = new JsonObject
            {
                ["enablePrivateNodes"] = true,
                ["masterIpv4CidrBlock"] = range,
                ["privateEndpoint"] = inside,
                ["peeringName"] = $"gke-n{IdOf(world.Name)[..12]}-peer",
            };
            if (world.PrivateEndpoint)
            {
                config["enablePrivateEndpoint"] = true;
            }

            cluster["privateClusterConfig"] = config;
            endpoints["privateEndpoint"] = inside;
            (cluster["networkConfig"] as JsonObject)?.Add("defaultEnablePrivateNodes", true);
        }

        cluster["controlPlaneEndpointsConfig"] = new JsonObject { ["ipEndpointsConfig"] = endpoints };
    }

    // The control plane answers at the second address of its range.
    private static string FirstHost(string range)
    {
        var address = range.Split('/')[0];
        var last = address.LastIndexOf('.');
        return int.TryParse(address[(last + 1)..], CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $"{address[..last]}.{number + 2}")
            : address;
    }
}
