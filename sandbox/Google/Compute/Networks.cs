using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Compute;

/// <summary>The networks: those of the world, and those that its clusters name.</summary>
internal sealed class Networks
{
    private readonly SortedDictionary<string, JsonObject> _all = new(StringComparer.Ordinal);

    public Networks(World world)
    {
        foreach (var project in world.Projects)
        {
            foreach (var network in project.Networks)
            {
                Add(project.Id, network.Name, network.Subnetworks);
            }
        }

        foreach (var group in world.Clusters.GroupBy(cluster => (Project: cluster.NetworkProject ?? cluster.Project, cluster.Network)))
        {
            Add(group.Key.Project, group.Key.Network, [.. group.Select(cluster => $"{ClusterDocument.RegionOf(cluster.Location)}/{cluster.Subnetwork}")]);
        }
    }

    public IEnumerable<KeyValuePair<string, JsonObject>> All => _all;

    public JsonObject? Find(string relativeName) => _all.GetValueOrDefault(relativeName);

    public IEnumerable<JsonObject> In(ProjectState project) =>
        _all.Where(pair => pair.Key.StartsWith($"{project.RelativeName}/", StringComparison.Ordinal)).Select(pair => (JsonObject)pair.Value.DeepClone());

    private void Add(string project, string name, IEnumerable<string> subnetworks)
    {
        var relativeName = $"projects/{project}/global/networks/{name}";
        if (!_all.TryGetValue(relativeName, out var network))
        {
            _all.Add(relativeName, network = new JsonObject
            {
                ["kind"] = "compute#network",
                ["id"] = ComputeNames.NumberOf(relativeName),
                ["creationTimestamp"] = "2025-12-01T00:00:00.000-08:00",
                ["name"] = name,
                ["selfLink"] = ComputeNames.Link(relativeName),
                ["autoCreateSubnetworks"] = false,
                ["subnetworks"] = new JsonArray(),
                ["routingConfig"] = new JsonObject { ["routingMode"] = "GLOBAL" },
                ["networkFirewallPolicyEnforcementOrder"] = "AFTER_CLASSIC_FIREWALL",
            });
        }

        var list = network["subnetworks"] as JsonArray ?? [];
        foreach (var link in subnetworks.Select(each => each.Split('/')).Where(each => each.Length == 2)
            .Select(each => ComputeNames.Link($"projects/{project}/regions/{each[0]}/subnetworks/{each[1]}")).Distinct()
            .Where(link => list.All(known => known?.ToString() != link)).ToList())
        {
            list.Add(link);
        }
    }
}
