using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Compute;
using MeshWorkflow.Sandbox.Google.ConnectGateway;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Google.Hub;
using MeshWorkflow.Sandbox.Google.Iam;
using MeshWorkflow.Sandbox.Google.MeshConfig;
using MeshWorkflow.Sandbox.Google.PrivateCa;
using MeshWorkflow.Sandbox.Google.ResourceManager;
using MeshWorkflow.Sandbox.Google.ServiceUsage;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google;

/// <summary>All of the simulated Google Cloud, made from a world: its APIs, and what a host needs to know of them.</summary>
internal sealed class GoogleCloud : IDisposable
{
    private readonly PrivateCaStore _certificates;

    /// <param name="world">What is there at the start.</param>
    /// <param name="traffic">What calls and ends of operations go through.</param>
    /// <param name="timing">How long things take.</param>
    /// <param name="time">The clock.</param>
    public GoogleCloud(World world, GoogleTraffic traffic, GoogleTiming timing, TimeProvider time)
    {
        Key = new ServiceAccountKey(world.ServiceAccount);
        Keys =
        [
            .. world.Projects.SelectMany(project => project.ServiceAccounts.Where(account => account.HasKey)
                .Select(account => new ServiceAccountKey($"{account.Name}@{project.Id}.iam.gserviceaccount.com"))),
        ];
        Tokens = new Tokens(time) { Signer = Key };
        ProjectIds = [.. world.Projects.Select(project => project.Id)];
        Clusters = [.. world.Clusters.Select(cluster => new GkeCluster(cluster))];
        IReadOnlyList<GkeCluster> known = [.. Clusters.Zip(world.Clusters).Where(pair => !pair.Second.IsElsewhere).Select(pair => pair.First)];
        var projects = new Projects(world.Projects, time, project => traffic.Faults.Lag(project, slow => slow.Apis) ?? timing.Enabling);
        Access = new AccessControl(
            time, resource => traffic.Faults.Lag(resource.Split('/').ElementAtOrDefault(1) ?? "", slow => slow.Grants) ?? timing.Granting);
        var perimeters = new Perimeters(world.Perimeters);
        var accounts = new ServiceAccounts(world.Projects, Access);
        Operations = new Operations(traffic.Gate, traffic.Journal, traffic.Faults, time, timing.Operations);
        var operations = Operations;
        var memory = new RequestMemory(operations, time);
        var memberships = new Memberships(known, Access, operations, time);
        memberships.Told = (cluster, membership) => MembershipTold(cluster, membership?.ShowInCluster());
        var writes = new PolicyWrites(accounts.Exists, new IdentityPools(known, memberships).Exists);
        var policies = new PolicyRoutes(Access, writes);
        var features = new Features(projects, memberships, operations, time);
        var container = new ContainerOperations(projects, operations);
        var networks = new Networks(world);
        Firewalls = new Firewalls(world, known, networks, operations, time);
        var gateway = new ConnectGatewayApi(projects, memberships, new GatewayRights(Access, perimeters), () => BaseAddress, cluster => ApiServers(cluster));
        _certificates = new PrivateCaStore(traffic.Gate, operations, Access, time);
        var meshConfig = new MeshConfigApi();
        IGoogleApi[] apis =
        [
            new ResourceManagerApi(projects, Access, writes),
            new ServiceUsageApi(projects, new ServiceChanges(operations, accounts, time)),
            new IamApi(accounts, Access, writes),
            new IamCredentialsApi(accounts, Access, Tokens, time),
            new ContainerApi(known, new ClusterChanges(container, new FleetRegistration(projects, memberships, Access)), container),
            new HubApi(memberships, features, Access, policies, operations, memory),
            new ComputeApi(Firewalls, networks, new ComputeOperations(operations, time), Access, memory),
            meshConfig,
            new PrivateCaApi(_certificates, policies, operations, memory),
            gateway,
        ];
        Site = new GoogleSite(apis, new GoogleChecks(projects, Access, perimeters), [gateway, new TokenEndpoint([Key, .. Keys], Tokens, token => Workloads(token), time)]);
        Parts = [.. apis.OfType<IWorldPart>()];
        SavedParts =
        [
            Tokens, projects, Access, accounts, operations, memory, .. Clusters, new SavedMemberships(memberships, projects, Clusters), features, Firewalls, meshConfig,
            new SavedPrivateCa(_certificates),
        ];
        PrivateCaStart.Begin(world, _certificates);
        MembershipOf = cluster => memberships.All.FirstOrDefault(membership => membership.NumberedName == cluster.Membership)?.ShowInCluster();
        WorldStart.Begin(world, projects, accounts, Access, memberships, features, Clusters);
    }

    /// <summary>Answers every call of every API.</summary>
    public GoogleSite Site { get; }

    /// <summary>The ids of all projects.</summary>
    public IReadOnlyList<string> ProjectIds { get; }

    /// <summary>The valid tokens.</summary>
    public Tokens Tokens { get; }

    /// <summary>The key of the world's service account.</summary>
    public ServiceAccountKey Key { get; }

    /// <summary>The keys of further service accounts.</summary>
    public IReadOnlyList<ServiceAccountKey> Keys { get; }

    /// <summary>Who may do what.</summary>
    public AccessControl Access { get; }

    /// <summary>The firewall rules: they decide whether webhooks of private clusters can be called.</summary>
    public Firewalls Firewalls { get; }

    /// <summary>
    /// The clusters of the world in its order; the host sets where their API servers are. No API knows those that are somewhere else.
    /// </summary>
    public IReadOnlyList<GkeCluster> Clusters { get; }

    /// <summary>What can be looked at.</summary>
    public IReadOnlyList<IWorldPart> Parts { get; }

    /// <summary>What can be saved. Operations come before what remembers them.</summary>
    public IReadOnlyList<ISavedPart> SavedParts { get; }

    /// <summary>What takes time.</summary>
    public Operations Operations { get; }

    /// <summary>The API server of a cluster, for what comes through Connect Gateway; the host sets it. Null: not reachable.</summary>
    public Func<GkeCluster, IApiSite?> ApiServers { get; set; } = _ => null;

    /// <summary>Tells a cluster what the hub writes into it; the host sets it.</summary>
    public Action<GkeCluster, JsonObject?> MembershipTold { get; set; } = (_, _) => { };

    /// <summary>What the hub writes into a cluster; null: it is no member.</summary>
    public Func<GkeCluster, JsonObject?> MembershipOf { get; }

    /// <summary>Whose a token of a workload is, as in a policy; the host sets it. Null: it is none.</summary>
    public Func<string, string?> Workloads { get; set; } = _ => null;

    /// <summary>Where all of this listens; the host sets it. Answers that tell an address of an API tell it below this one.</summary>
    public Uri BaseAddress { get; set; } = new("http://localhost/");

    public void Dispose()
    {
        Key.Dispose();
        foreach (var key in Keys)
        {
            key.Dispose();
        }

        _certificates.Dispose();
    }
}

/// <summary>What calls and ends of operations go through.</summary>
/// <param name="Gate">Keeps them apart.</param>
/// <param name="Journal">Where they are noted.</param>
/// <param name="Faults">What is to go wrong.</param>
internal sealed record GoogleTraffic(WorldGate Gate, Journal Journal, Faults Faults);

/// <summary>How long things take in the simulated Google Cloud.</summary>
/// <param name="Operations">An operation.</param>
/// <param name="Enabling">From the end of enabling an API until its calls are served.</param>
/// <param name="Granting">From writing a policy until what it newly grants is in force.</param>
internal sealed record GoogleTiming(TimeSpan Operations, TimeSpan Enabling, TimeSpan Granting);
