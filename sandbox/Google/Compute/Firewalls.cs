using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google.Compute;

/// <summary>The firewall rules, and what happens to them.</summary>
internal sealed class Firewalls : ISavedPart
{
    private static readonly string[] Immutable = ["name", "network", "id", "kind", "selfLink", "creationTimestamp", "direction"];
    private static readonly string[] Sources = ["sourceRanges", "sourceTags", "sourceServiceAccounts"];
    private readonly SortedDictionary<string, JsonObject> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _coming = new(StringComparer.Ordinal);
    private readonly Networks _networks;
    private readonly Operations _operations;
    private readonly TimeProvider _time;

    public Firewalls(World world, IReadOnlyList<GkeCluster> clusters, Networks networks, Operations operations, TimeProvider time)
    {
        (_networks, _operations, _time) = (networks, operations, time);
        foreach (var project in world.Projects)
        {
            foreach (var rule in project.Firewalls)
            {
                Add(project.Id, Read(rule, project.Id));
            }
        }

        foreach (var cluster in clusters)
        {
            AddOfGke(cluster);
        }
    }

    public IEnumerable<KeyValuePair<string, JsonObject>> All => _all;

    public string SavedAs => "firewalls";

    public JsonNode Save() => SavedJson.Write(_all);

    public Action Read(JsonNode saved)
    {
        var rules = SavedJson.Read<Dictionary<string, JsonObject>>(saved);
        return () =>
        {
            _coming.Clear();
            _all.Clear();
            foreach (var (name, rule) in rules)
            {
                _all.Add(name, rule);
            }
        };
    }

    public IEnumerable<JsonObject> In(ProjectState project) =>
        _all.Where(pair => pair.Key.StartsWith($"{project.RelativeName}/", StringComparison.Ordinal)).Select(pair => (JsonObject)pair.Value.DeepClone());

    /// <exception cref="GoogleFailure">There is no such rule.</exception>
    public JsonObject Find(string relativeName) =>
        _all.GetValueOrDefault(relativeName) ?? throw new GoogleFailure(ComputeErrors.NotFound(relativeName));

    /// <summary>Whether the control plane of a private cluster reaches a port of its nodes; that of any other reaches all.</summary>
    public bool ControlPlaneReaches(GkeCluster cluster, int port) => cluster.MasterRange is not { } range || _all.Values.Any(rule =>
        rule["network"]?.GetValue<string>() == NetworkLink(cluster)
        && rule["direction"]?.GetValue<string>() == "INGRESS"
        && rule["disabled"]?.GetValue<bool>() != true
        && FirewallForm.Allows(rule, port)
        && (rule["sourceRanges"] as JsonArray ?? []).Any(source => Covers(source?.ToString() ?? "", range))
        && (rule["targetTags"] is not JsonArray { Count: > 0 } tags || tags.Any(tag => tag?.ToString() == cluster.NodeTag)));

    public Operation Insert(GoogleRequest request)
    {
        var rule = (JsonObject)request.Body.DeepClone();
        FirewallForm.Check(rule);
        var project = request.Project.Id;
        var network = ComputeNames.Relative(rule["network"]?.GetValue<string>() ?? "global/networks/default", project);
        if (_networks.Find(network) is null)
        {
            throw new GoogleFailure(ComputeErrors.Invalid("resource.network", rule["network"]?.ToString() ?? "", "The referenced network resource cannot be found."));
        }

        rule["network"] = ComputeNames.Link(network);
        var name = NameOf(project, rule);
        if (_all.ContainsKey(name) || _coming.ContainsKey(name))
        {
            throw new GoogleFailure(ComputeErrors.Exists(name));
        }

        Complete(rule, name);
        _coming.Add(name, rule);
        return Begin(
            request,
            name,
            "insert",
            effects =>
            {
                _coming.Remove(name);
                _all.Add(name, rule);
                effects.Add($"created //compute.googleapis.com/{name}");
            },
            () => _coming.Remove(name));
    }

    public Operation Patch(GoogleRequest request)
    {
        var rule = Find(request.Name);
        RefuseBusy(request.Name);
        var changed = (JsonObject)rule.DeepClone();
        foreach (var (field, value) in request.Body.Where(pair => !Immutable.Contains(pair.Key)))
        {
            changed[field] = value?.DeepClone();
        }

        FirewallForm.Check(changed);
        return Begin(request, request.Name, request.Request.Method == "PUT" ? "update" : "patch", effects =>
        {
            _all[request.Name] = changed;
            effects.Add($"updated //compute.googleapis.com/{request.Name}");
        });
    }

    public Operation Delete(GoogleRequest request)
    {
        Find(request.Name);
        RefuseBusy(request.Name);
        return Begin(request, request.Name, "delete", effects =>
        {
            _all.Remove(request.Name);
            effects.Add($"deleted //compute.googleapis.com/{request.Name}");
        });
    }

    private Operation Begin(GoogleRequest request, string name, string verb, Action<List<string>> change, Action? undo = null) => _operations.Begin(
        request.Call,
        new OperationStart($"{request.Project.RelativeName}/global/operations/", _operations.NewId(), $"//compute.googleapis.com/{name}", verb) { Undo = undo ?? (() => { }) },
        effects =>
        {
            change(effects);
            return new OperationEnd();
        });

    private void RefuseBusy(string name)
    {
        if (_operations.RunningOn($"//compute.googleapis.com/{name}") is not null)
        {
            throw new GoogleFailure(ComputeErrors.NotReady(name));
        }
    }

    // GKE opens the ports that its control plane needs, and no other.
    private void AddOfGke(GkeCluster cluster)
    {
        var stem = cluster.NodeTag[..^"-node".Length];
        Add(cluster.NetworkProject, Read(
            new WorldFirewall($"{stem}-all", cluster.Network)
            {
                SourceRanges = [cluster.Content["clusterIpv4Cidr"]?.GetValue<string>() ?? ""],
                TargetTags = [cluster.NodeTag],
                Allowed = ["tcp", "udp", "icmp", "esp", "ah", "sctp"],
            },
            cluster.NetworkProject));
        if (cluster.MasterRange is { } range)
        {
            Add(cluster.NetworkProject, Read(
                new WorldFirewall($"{stem}-master", cluster.Network) { SourceRanges = [range], TargetTags = [cluster.NodeTag], Allowed = ["tcp:10250,443"] },
                cluster.NetworkProject));
        }
    }

    private void Add(string project, JsonObject rule)
    {
        var name = NameOf(project, rule);
        Complete(rule, name);
        _all.TryAdd(name, rule);
    }

    private void Complete(JsonObject rule, string name)
    {
        rule["kind"] = "compute#firewall";
        rule["id"] = ComputeNames.NumberOf($"{name} {_time.GetUtcNow().Ticks.ToString(CultureInfo.InvariantCulture)}");
        rule["creationTimestamp"] = Times.Pacific(_time.GetUtcNow());
        rule["selfLink"] = ComputeNames.Link(name);
        rule["description"] ??= "";
        rule["direction"] ??= "INGRESS";
        rule["priority"] ??= 1000;
        rule["disabled"] ??= false;
        rule["logConfig"] ??= new JsonObject { ["enable"] = false };
        var isOpen = Sources.All(field => rule[field] is not JsonArray { Count: > 0 });
        if (isOpen && rule["direction"]?.GetValue<string>() == "INGRESS")
        {
            rule["sourceRanges"] = new JsonArray("0.0.0.0/0");
        }
    }

    private static string NameOf(string project, JsonObject rule) => $"projects/{project}/global/firewalls/{rule["name"]?.GetValue<string>()}";

    private static string NetworkLink(GkeCluster cluster) => ComputeNames.Link($"projects/{cluster.NetworkProject}/global/networks/{cluster.Network}");

    private static bool Covers(string source, string range) =>
        IPNetwork.TryParse(source, out var one) && IPNetwork.TryParse(range, out var other)
        && one.BaseAddress.AddressFamily == other.BaseAddress.AddressFamily && one.PrefixLength <= other.PrefixLength && one.Contains(other.BaseAddress);

    private static JsonObject Read(WorldFirewall world, string project)
    {
        var rule = new JsonObject
        {
            ["name"] = world.Name,
            ["description"] = world.Description,
            ["network"] = ComputeNames.Link($"projects/{project}/global/networks/{world.Network}"),
            ["priority"] = world.Priority,
            ["allowed"] = new JsonArray([.. world.Allowed.Select(Entry)]),
        };
        if (world.SourceRanges.Count > 0)
        {
            rule["sourceRanges"] = new JsonArray([.. world.SourceRanges.Select(range => JsonValue.Create(range))]);
        }

        if (world.TargetTags.Count > 0)
        {
            rule["targetTags"] = new JsonArray([.. world.TargetTags.Select(tag => JsonValue.Create(tag))]);
        }

        return rule;
    }

    private static JsonObject Entry(string text)
    {
        var parts = text.Split(':');
        var entry = new JsonObject { ["IPProtocol"] = parts[0] };
        if (parts.Length > 1)
        {
            entry["ports"] = new JsonArray([.. parts[1].Split(',').Select(port => JsonValue.Create(port.Trim()))]);
        }

        return entry;
    }
}
