namespace MeshWorkflow.Sandbox.Worlds.Files;

/// <summary>Reads clusters.</summary>
internal static class ClusterFields
{
    public static WorldCluster Read(FieldReader fields)
    {
        var isElsewhere = fields.OneOf("platform", "gke", "gke", "other") == "other";
        var cluster = new WorldCluster(
            fields.Text("project"), isElsewhere ? fields.Text("location", "elsewhere") : fields.Text("location"), fields.Text("name"), fields.Text("network", "default"));
        var pools = fields.Each("nodePools", NodePool);
        return cluster with
        {
            IsElsewhere = isElsewhere,
            IssuerElsewhere = fields.TextOrNone("issuer"),
            NetworkProject = fields.TextOrNone("networkProject"),
            Subnetwork = fields.Text("subnetwork", cluster.Subnetwork),
            Labels = fields.Map("labels"),
            Autopilot = fields.Flag("autopilot", false),
            MasterRange = fields.TextOrNone("masterRange"),
            PrivateEndpoint = fields.Flag("privateEndpoint", false),
            PodRange = fields.Text("podRange", cluster.PodRange),
            ServiceRange = fields.Text("serviceRange", cluster.ServiceRange),
            Version = fields.Text("version", cluster.Version),
            ReleaseChannel = fields.OneOf("releaseChannel", cluster.ReleaseChannel, "RAPID", "REGULAR", "STABLE", "EXTENDED", "UNSPECIFIED"),
            WorkloadIdentity = fields.Flag("workloadIdentity", true),
            LoggingService = fields.Text("loggingService", cluster.LoggingService),
            MonitoringService = fields.Text("monitoringService", cluster.MonitoringService),
            Status = fields.OneOf("status", cluster.Status, "RUNNING", "PROVISIONING", "RECONCILING", "STOPPING", "ERROR", "DEGRADED"),
            NodePools = pools.Count > 0 ? pools : cluster.NodePools,
            Membership = fields.Inner("membership", inner => Membership(inner, cluster)),
            Objects = fields.Objects("objects"),
            Quirks = fields.Texts("quirks"),
        };
    }

    private static WorldNodePool NodePool(FieldReader fields)
    {
        var pool = new WorldNodePool(fields.Text("name"));
        return pool with
        {
            MachineType = fields.Text("machineType", pool.MachineType),
            Nodes = fields.Number("nodes", pool.Nodes),
            Tags = fields.Texts("tags"),
            GkeMetadata = fields.FlagOrNone("gkeMetadata"),
        };
    }

    // A membership is called like its cluster, and lies in its region, unless it says otherwise.
    private static WorldMembership Membership(FieldReader fields, WorldCluster cluster) => new(
        fields.Text("fleet"), fields.Text("id", cluster.Name), fields.Text("location", RegionOf(cluster.Location)))
    {
        Labels = fields.Map("labels"),
        WorkloadIdentity = fields.Flag("workloadIdentity", true),
    };

    private static string RegionOf(string location) => location.Split('-') is [var continent, var area, _] ? $"{continent}-{area}" : location;
}
