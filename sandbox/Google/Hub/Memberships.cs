using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Container;

namespace MeshWorkflow.Sandbox.Google.Hub;

/// <summary>All memberships, and what happens to them.</summary>
internal sealed partial class Memberships(IReadOnlyList<GkeCluster> clusters, Operations operations, TimeProvider time)
{
    private static readonly TimeSpan RequestMemory = TimeSpan.FromHours(1);

    private readonly SortedDictionary<string, Membership> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Operation> _requests = new(StringComparer.Ordinal);

    /// <summary>What may be written of a membership.</summary>
    public static Shape Shape { get; } = new Shape()
        .With("name", "description", "externalId", "labels", "infrastructureType", "monitoringConfig", "membershipType")
        .With("endpoint", new Shape()
            .With("kubernetesResource", "googleManaged")
            .With("gkeCluster", new Shape().With("resourceLink")))
        .With("authority", new Shape().With("issuer", "oidcJwks"));

    public IEnumerable<Membership> All => _all.Values;

    public static string ResourceName(string project, string location, string id) =>
        $"//gkehub.googleapis.com/projects/{project}/locations/{location}/memberships/{id}";

    public static bool IsId(string id) => Id().IsMatch(id);

    public static bool CanFilter(string filter) => LinkFilter().IsMatch(filter);

    public Membership? Find(string project, string location, string id) => _all.GetValueOrDefault($"projects/{project}/locations/{location}/memberships/{id}");

    public IEnumerable<Membership> In(string project, string location, string? filter)
    {
        var link = string.IsNullOrEmpty(filter) ? null : LinkFilter().Match(filter).Groups["link"].Value;
        return _all.Values.Where(membership => membership.Fleet.Id == project
            && (location == "-" || membership.Location == location)
            && (link is null || membership.Link == link));
    }

    /// <summary>A repetition of a request answers the operation that the first one began.</summary>
    public Operation Once(string request, Func<Operation> begin)
    {
        if (_requests.TryGetValue(request, out var known) && known.Begun + RequestMemory > time.GetUtcNow())
        {
            return known;
        }

        return _requests[request] = begin();
    }

    public Operation Create(GoogleRequest request, Projects.ProjectState fleet, string location, string id)
    {
        var link = request.Body["endpoint"]?["gkeCluster"]?["resourceLink"]?.GetValue<string>();
        var now = time.GetUtcNow();
        var membership = new Membership(fleet, location, id, clusters.FirstOrDefault(cluster => cluster.ResourceName == link), link)
        {
            Labels = request.Body["labels"]?.DeepClone() as JsonObject,
            Issuer = request.Body["authority"]?["issuer"]?.GetValue<string>(),
            ExternalId = request.Body["externalId"]?.GetValue<string>(),
            Created = now,
            Updated = now,
            UniqueId = RandomIds.Uuid(),
        };
        if (_all.ContainsKey(membership.RelativeName))
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "ALREADY_EXISTS", $"Resource '{membership.RelativeName}' already exists", GoogleErrors.ResourceInfo(membership.RelativeName)));
        }

        _all.Add(membership.RelativeName, membership);
        request.Call.Effects.Add($"created {membership.ResourceName}");
        return operations.Begin(request.Call, Parent(membership), membership.ResourceName, "create", effects => EndCreate(membership, effects));
    }

    public Operation Patch(GoogleRequest request, Membership membership)
    {
        RefuseBusy(membership);
        var mask = (request.Query("updateMask") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (mask.Length == 0 || mask.FirstOrDefault(field => Shape.Camel(field.Split('.')[0]) is not ("labels" or "authority" or "externalId")) is not null)
        {
            throw new GoogleFailure(GoogleErrors.Of("INVALID_ARGUMENT", $"update_mask: cannot update '{string.Join(',', mask)}'"));
        }

        var issuer = request.Body["authority"]?["issuer"]?.GetValue<string>();
        var setsIssuer = mask.Any(field => field.StartsWith("authority", StringComparison.Ordinal));
        if (setsIssuer && membership.Issuer is not null && issuer is not null && issuer != membership.Issuer)
        {
            throw new GoogleFailure(GoogleErrors.Of("INVALID_ARGUMENT", "authority.issuer cannot be changed: clear it first."));
        }

        membership.State = "UPDATING";
        return operations.Begin(request.Call, Parent(membership), membership.ResourceName, "update", effects =>
        {
            membership.Issuer = setsIssuer ? issuer : membership.Issuer;
            membership.Labels = mask.Contains("labels") ? request.Body["labels"]?.DeepClone() as JsonObject : membership.Labels;
            membership.State = "READY";
            membership.Updated = time.GetUtcNow();
            effects.Add($"updated {membership.ResourceName}");
            return Response(membership);
        });
    }

    public Operation Delete(GoogleRequest request, Membership membership)
    {
        RefuseBusy(membership);
        membership.State = "DELETING";
        return operations.Begin(request.Call, Parent(membership), membership.ResourceName, "delete", effects =>
        {
            _all.Remove(membership.RelativeName);
            effects.Add($"deleted {membership.ResourceName}");
            if (membership.Cluster is { } cluster && cluster.Membership == membership.NumberedName)
            {
                (cluster.Membership, cluster.FleetNumber) = (null, null);
                effects.Add($"updated {cluster.ResourceName}");
            }

            return new OperationEnd(new JsonObject { ["@type"] = "type.googleapis.com/google.protobuf.Empty" });
        });
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

        membership.State = "READY";
        if (membership.Cluster is { } cluster)
        {
            (cluster.Membership, cluster.FleetNumber) = (membership.NumberedName, membership.Fleet.NumberText);
            effects.Add($"updated {cluster.ResourceName}");
        }

        return Response(membership);
    }

    private static OperationEnd Response(Membership membership)
    {
        var response = new JsonObject { ["@type"] = "type.googleapis.com/google.cloud.gkehub.v1.Membership" };
        foreach (var (name, value) in membership.Show())
        {
            response[name] = value?.DeepClone();
        }

        return new OperationEnd(response);
    }

    private static void RefuseBusy(Membership membership)
    {
        if (membership.State != "READY")
        {
            throw new GoogleFailure(GoogleErrors.Of(
                "FAILED_PRECONDITION", $"Resource '{membership.RelativeName}' is being worked on: its state is {membership.State}"));
        }
    }

    private static string Parent(Membership membership) => $"projects/{membership.Fleet.Id}/locations/{membership.Location}/operations/";

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\z")]
    private static partial Regex Id();

    [GeneratedRegex("^endpoint\\.gkeCluster\\.resourceLink\\s*=\\s*\"(?<link>[^\"]+)\"\\z")]
    private static partial Regex LinkFilter();
}
