using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>Kubernetes Engine: clusters, their node pools, labels and updates, operations.</summary>
internal sealed class ContainerApi : IGoogleApi, IWorldPart
{
    private readonly IReadOnlyList<GkeCluster> _clusters;
    private readonly ClusterChanges _changes;

    public ContainerApi(IReadOnlyList<GkeCluster> clusters, ClusterChanges changes, ContainerOperations operations)
    {
        (_clusters, _changes) = (clusters, changes);
        var schemas = ApiSchemas.Of(Name);

        // Zones have paths of their own, from a time before locations.
        const string Location = "v1/projects/{project}/(?:locations|zones)/{location}";
        const string Cluster = $"{Location}/clusters/{{cluster}}";
        Routes =
        [
            new GoogleRoute("clusters.list", "GET", $"{Location}/clusters", List, null, "parent", "projectId", "zone") { Permission = "container.clusters.list" },
            new GoogleRoute("clusters.get", "GET", Cluster, request => new Answer(200, Find(request).Show()), null, "name", "projectId", "zone", "clusterId")
            {
                Permission = "container.clusters.get",
            },
            new GoogleRoute("clusters.update", "PUT", Cluster, request => _changes.Update(request, Find(request)), schemas.Message("UpdateClusterRequest"))
            {
                Permission = "container.clusters.update",
            },
            new GoogleRoute(
                "clusters.setResourceLabels", "POST", $"{Cluster}:setResourceLabels", request => _changes.SetLabels(request, Find(request)), schemas.Message("SetLabelsRequest"))
            {
                Permission = "container.clusters.update",
            },
            new GoogleRoute("nodePools.list", "GET", $"{Cluster}/nodePools", ListNodePools, null, "parent") { Permission = "container.clusters.get" },
            new GoogleRoute("nodePools.get", "GET", $"{Cluster}/nodePools/{{pool}}", request => new Answer(200, FindPool(request).DeepClone()), null, "name")
            {
                Permission = "container.clusters.get",
            },
            new GoogleRoute(
                "nodePools.update",
                "PUT",
                $"{Cluster}/nodePools/{{pool}}",
                request => _changes.UpdatePool(request, Find(request), FindPool(request)),
                schemas.Message("UpdateNodePoolRequest"))
            {
                Permission = "container.clusters.update",
            },
            new GoogleRoute("operations.list", "GET", $"{Location}/operations", operations.List, null, "parent") { Permission = "container.operations.list" },
            new GoogleRoute("operations.get", "GET", $"{Location}/operations/{{operation}}", operations.Get, null, "name") { Permission = "container.operations.get" },
            new GoogleRoute("operations.cancel", "POST", $"{Location}/operations/{{operation}}:cancel", operations.Cancel, schemas.Message("CancelOperationRequest"))
            {
                Permission = "container.clusters.update",
            },
            new GoogleRoute("getServerConfig", "GET", $"{Location}/serverConfig", ServerConfig, null, "name") { Permission = "container.clusters.list" },
            new GoogleRoute("clusters.getOpenIdConfig", "GET", $"{Cluster}/.well-known/openid-configuration", OpenIdConfig) { IsPublic = true },
            new GoogleRoute("clusters.getJwks", "GET", $"{Cluster}/jwks", request => new Answer(200, Find(request).TokenKeys.DeepClone())) { IsPublic = true },
        ];
    }

    public string Name => "container";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    public Answer Denied(GoogleRequest request, string permission)
    {
        var resource = request.Path.Groups["cluster"].Success ? request.Name : request.Project.RelativeName;
        return GoogleErrors.Of("PERMISSION_DENIED", $"Required \"{permission}\" permission(s) for \"{resource}\".");
    }

    // Every refusal of this API tells the request's id.
    public Answer InOwnWords(Answer refusal, ApiCall call)
    {
        if (refusal.Body?["error"] is JsonObject error)
        {
            if (error["details"] is not JsonArray details)
            {
                error["details"] = details = [];
            }

            details.Add(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.RequestInfo",
                ["requestId"] = $"0x{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            });
        }

        return refusal;
    }

    public IEnumerable<KeyValuePair<string, JsonNode>> Resources() =>
        _clusters.Select(cluster => KeyValuePair.Create<string, JsonNode>(cluster.ResourceName, cluster.Show()));

    private Answer List(GoogleRequest request)
    {
        var location = request.Part("location");
        var all = _clusters.Where(cluster => !cluster.IsGone() && cluster.Project == request.Project.Id && (location == "-" || cluster.Location == location)).ToList();
        var missing = location == "-"
            ? all.Where(cluster => cluster.Quirks.Contains(WorldQuirks.MissingZone)).Select(cluster => cluster.Location).Distinct().Order(StringComparer.Ordinal).ToList()
            : [];

        // A location that doesn't answer answers for none of its clusters.
        var found = all.Where(cluster => !missing.Contains(cluster.Location)).Select(cluster => cluster.Show()).ToArray<JsonNode>();
        var list = new JsonObject();
        if (found.Length > 0)
        {
            list["clusters"] = new JsonArray(found);
        }

        if (missing.Count > 0)
        {
            list["missingZones"] = new JsonArray([.. missing.Select(zone => JsonValue.Create(zone))]);
        }

        return new Answer(200, list);
    }

    private Answer ListNodePools(GoogleRequest request) => new(200, new JsonObject { ["nodePools"] = Find(request).Content["nodePools"]?.DeepClone() });

    private Answer OpenIdConfig(GoogleRequest request)
    {
        var cluster = Find(request);
        return new Answer(200, new JsonObject
        {
            ["issuer"] = cluster.Issuer,
            ["jwks_uri"] = $"{cluster.Issuer}/jwks",
            ["response_types_supported"] = new JsonArray("id_token"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["claims_supported"] = new JsonArray("iss", "sub", "kubernetes.io"),
            ["grant_types"] = new JsonArray("urn:kubernetes:grant_type:programmatic_authorization"),
        });
    }

    private Answer ServerConfig(GoogleRequest request)
    {
        var versions = _clusters.Select(cluster => cluster.Content["currentMasterVersion"]?.GetValue<string>()).OfType<string>().Distinct().OrderDescending().ToList();
        return new Answer(200, new JsonObject
        {
            ["defaultClusterVersion"] = versions.FirstOrDefault() ?? "1.31.6-gke.1064001",
            ["validMasterVersions"] = new JsonArray([.. versions.Select(version => JsonValue.Create(version))]),
            ["validNodeVersions"] = new JsonArray([.. versions.Select(version => JsonValue.Create(version))]),
        });
    }

    private GkeCluster Find(GoogleRequest request) =>
        _clusters.FirstOrDefault(cluster => !cluster.IsGone()
            && cluster.Project == request.Project.Id && cluster.Location == request.Part("location") && cluster.Name == request.Part("cluster"))
        ?? throw new GoogleFailure(GoogleErrors.Of(
            "NOT_FOUND", $"Not found: {request.Project.RelativeName}/locations/{request.Part("location")}/clusters/{request.Part("cluster")}."));

    private JsonObject FindPool(GoogleRequest request) => Find(request).NodePool(request.Part("pool"))
        ?? throw new GoogleFailure(GoogleErrors.Of("NOT_FOUND", $"Not found: {request.Name}."));
}
