using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Container;
using MeshWorkflow.Sandbox.Google.Iam;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>All memberships, and what happens to them.</summary>
internal sealed class Memberships(IReadOnlyList<GkeCluster> clusters, AccessControl access, Operations operations, TimeProvider time)
{
    private const string Type = "google.cloud.gkehub.v1.Membership";
    private readonly SortedDictionary<string, Membership> _all = new(StringComparer.Ordinal);

    /// <summary>Tells a cluster that it has become a member, or, without a membership, that it is none any more; the host sets it.</summary>
    public Action<GkeCluster, Membership?> Told { get; set; } = (_, _) => { };

    public IEnumerable<Membership> All => _all.Values;

    /// <summary>Puts others in the place of all.</summary>
    public void Replace(IEnumerable<Membership> memberships)
    {
        _all.Clear();
        foreach (var membership in memberships)
        {
            _all[membership.RelativeName] = membership;
        }
    }

    public Membership? Find(string relativeName) => _all.GetValueOrDefault(relativeName);

    public IEnumerable<Membership> In(ProjectState fleet) => _all.Values.Where(membership => membership.Fleet == fleet);

    /// <summary>Makes a membership that is there at the start of the world.</summary>
    public void Start(ProjectState fleet, WorldMembership world, GkeCluster cluster)
    {
        var content = new JsonObject { ["endpoint"] = EndpointOf(cluster) };
        if (world.Labels.Count > 0)
        {
            content["labels"] = new JsonObject(world.Labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
        }

        if (world.WorkloadIdentity)
        {
            content["authority"] = new JsonObject { ["issuer"] = cluster.Issuer };
        }

        Add(fleet, world.Location, world.Id, cluster, content).State = Membership.Ready;
    }

    /// <summary>Registers a cluster without an operation of its own, as GKE does it.</summary>
    public Membership Register(ProjectState fleet, GkeCluster cluster)
    {
        var membership = Add(fleet, ClusterDocument.RegionOf(cluster.Location), cluster.Name, cluster, new JsonObject
        {
            ["endpoint"] = EndpointOf(cluster),
            ["authority"] = new JsonObject { ["issuer"] = cluster.Issuer },
        });
        membership.State = Membership.Ready;
        return membership;
    }

    public void Unregister(Membership membership, List<string> effects)
    {
        _all.Remove(membership.RelativeName);
        access.Forget(membership.RelativeName);
        effects.Add($"deleted {membership.ResourceName}");
        if (membership.Cluster is { } cluster && cluster.Membership == membership.NumberedName)
        {
            (cluster.Membership, cluster.FleetNumber) = (null, null);
            Told(cluster, null);
            effects.Add($"updated {cluster.ResourceName}");
        }
    }

    public Operation Create(GoogleRequest request, string location, string id)
    {
        var fleet = request.Project;
        var content = MembershipForm.Kept(request.Body);
        var cluster = ClusterOf(request, content);
        var name = $"{fleet.RelativeName}/locations/{location}/memberships/{id}";
        if (_all.ContainsKey(name))
        {
            throw new GoogleFailure(GoogleErrors.Exists(name));
        }

        var membership = Add(fleet, location, id, cluster: null, content, cluster);
        request.Call.Effects.Add($"created {membership.ResourceName}");
        return Begin(request, membership, "create", effects => EndCreate(membership, effects), () => _all.Remove(name));
    }

    public Operation Patch(GoogleRequest request, Membership membership)
    {
        var mask = FieldMask.Read(request.Query("updateMask"), ApiSchemas.Of("gkehub").Message("Membership"), MembershipForm.Updatable);
        RefuseBusy(membership);
        var content = MembershipForm.Kept(request.Body);
        var issuer = content["authority"]?["issuer"]?.GetValue<string>();
        if (mask.Names("authority") && membership.Issuer is not null && issuer is not null && issuer != membership.Issuer)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("membership.authority.issuer", "authority.issuer cannot be changed: clear it first."));
        }

        if (mask.Names("endpoint") && !JsonNode.DeepEquals(content["endpoint"]?["gkeCluster"], membership.Content["endpoint"]?["gkeCluster"]))
        {
            throw new GoogleFailure(GoogleErrors.Invalid("membership.endpoint", "endpoint.gke_cluster.resource_link is immutable."));
        }

        membership.State = "UPDATING";
        return Begin(
            request,
            membership,
            "update",
            effects =>
            {
                mask.Apply(membership.Content, content);
                membership.State = Membership.Ready;
                membership.Updated = time.GetUtcNow();
                effects.Add($"updated {membership.ResourceName}");
                return OperationEnd.Of(Type, membership.Show());
            },
            () => membership.State = Membership.Ready);
    }

    public Operation Delete(GoogleRequest request, Membership membership)
    {
        RefuseBusy(membership);
        membership.State = "DELETING";
        return Begin(
            request,
            membership,
            "delete",
            effects =>
            {
                Unregister(membership, effects);
                return OperationEnd.Empty;
            },
            () => membership.State = Membership.Ready);
    }

    /// <summary>Refuses, if a fleet's agent can't reach the project of a cluster.</summary>
    /// <exception cref="GoogleFailure">It can't.</exception>
    public void CheckAgent(ProjectState fleet, GkeCluster cluster)
    {
        if (!access.Has($"serviceAccount:{ServiceAccounts.AgentOf("gkehub", fleet)}", "container.clusters.update", cluster.RelativeName))
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "PERMISSION_DENIED", $"hub default service account does not have access to the GKE cluster project for \"{cluster.ResourceName}\""));
        }
    }

    private Membership Add(ProjectState fleet, string location, string id, GkeCluster? cluster, JsonObject content, GkeCluster? future = null)
    {
        var now = time.GetUtcNow();
        var membership = new Membership(fleet, location, id, cluster ?? future, content) { Created = now, Updated = now, UniqueId = RandomIds.Uuid() };
        _all.Add(membership.RelativeName, membership);
        if (cluster is not null)
        {
            (cluster.Membership, cluster.FleetNumber) = (membership.NumberedName, fleet.NumberText);
            Told(cluster, membership);
        }

        return membership;
    }

    private GkeCluster? ClusterOf(GoogleRequest request, JsonObject content)
    {
        if (content["endpoint"]?["gkeCluster"]?["resourceLink"]?.GetValue<string>() is not { } link)
        {
            return null;
        }

        var cluster = clusters.FirstOrDefault(cluster => IsLinkOf(cluster, link))
            ?? throw new GoogleFailure(GoogleErrors.Invalid("membership.endpoint.gke_cluster.resource_link", $"The GKE cluster \"{link}\" was not found."));
        foreach (var permission in new[] { "container.clusters.get", "container.clusters.update" })
        {
            if (!access.Has(request.Principal, permission, cluster.RelativeName))
            {
                throw new GoogleFailure(GoogleErrors.Denied(permission, cluster.RelativeName, "container"));
            }
        }

        CheckAgent(request.Project, cluster);
        content["endpoint"] = EndpointOf(cluster);
        return cluster;
    }

    private OperationEnd EndCreate(Membership membership, List<string> effects)
    {
        if (membership.Cluster is { Membership: { } other } && other != membership.NumberedName)
        {
            _all.Remove(membership.RelativeName);
            effects.Add($"deleted {membership.ResourceName}");
            return new OperationEnd(
                Code: "ALREADY_EXISTS",
                Message: $"intend to register the cluster with resource: {membership.ResourceName}, but the cluster is already registered with resource: //gkehub.googleapis.com/{other}");
        }

        membership.State = Membership.Ready;
        if (membership.Cluster is { } cluster)
        {
            (cluster.Membership, cluster.FleetNumber) = (membership.NumberedName, membership.Fleet.NumberText);
            Told(cluster, membership);
            effects.Add($"updated {cluster.ResourceName}");
        }

        return OperationEnd.Of(Type, membership.Show());
    }

    private Operation Begin(GoogleRequest request, Membership membership, string verb, Func<List<string>, OperationEnd> end, Action undo) => operations.Begin(
        request.Call,
        new OperationStart($"{membership.Fleet.RelativeName}/locations/{membership.Location}/operations/", operations.NewId(), membership.ResourceName, verb) { Undo = undo },
        end);

    // gcloud takes the link's host from the address that it was given for Kubernetes Engine's API: here that is the sandbox's own.
    private static bool IsLinkOf(GkeCluster cluster, string link) =>
        link == cluster.ResourceName
        || (link.EndsWith($"/container/{cluster.RelativeName}", StringComparison.Ordinal) && link.StartsWith("//127.0.0.1:", StringComparison.Ordinal));

    private static JsonObject EndpointOf(GkeCluster cluster) => new() { ["gkeCluster"] = new JsonObject { ["resourceLink"] = cluster.ResourceName } };

    private static void RefuseBusy(Membership membership)
    {
        if (membership.State != Membership.Ready)
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "FAILED_PRECONDITION", $"Resource '{membership.RelativeName}' is being worked on: its state is {membership.State}"));
        }
    }
}
