using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>Kubernetes Engine: clusters, their labels, operations.</summary>
internal sealed class ContainerApi : IGoogleApi
{
    private const string Clusters = "v1/projects/{project}/locations/{location}/clusters";
    private readonly Projects _projects;
    private readonly IReadOnlyList<GkeCluster> _clusters;
    private readonly Operations _operations;

    public ContainerApi(Projects projects, IReadOnlyList<GkeCluster> clusters, Operations operations)
    {
        _projects = projects;
        _clusters = clusters;
        _operations = operations;
        Routes =
        [
            new GoogleRoute("clusters.list", "GET", Clusters, List, null, "parent"),
            new GoogleRoute("clusters.get", "GET", Clusters + "/{cluster}", Get) { Resource = ResourceOf },
            new GoogleRoute(
                "clusters.setResourceLabels",
                "POST",
                Clusters + "/{cluster}:setResourceLabels",
                SetResourceLabels,
                new Shape().With("name", "projectId", "zone", "clusterId", "resourceLabels", "labelFingerprint"))
            {
                Resource = ResourceOf,
            },
            new GoogleRoute("operations.list", "GET", "v1/projects/{project}/locations/{location}/operations", ListOperations, null, "parent"),
            new GoogleRoute("operations.get", "GET", "v1/projects/{project}/locations/{location}/operations/{operation}", GetOperation),
        ];
    }

    public string Name => "container";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    private static string ResourceOf(Match match, ApiRequest request) =>
        $"//container.googleapis.com/projects/{match.Groups["project"].Value}/locations/{match.Groups["location"].Value}/clusters/{match.Groups["cluster"].Value}";

    private Answer List(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        var location = request.Part("location");
        var found = _clusters.Where(cluster => cluster.Project == project.Id && (location == "-" || cluster.Location == location));
        return new Answer(200, new JsonObject { ["clusters"] = new JsonArray([.. found.Select(cluster => cluster.Show())]) });
    }

    private Answer Get(GoogleRequest request) => new(200, Find(request).Show());

    private Answer SetResourceLabels(GoogleRequest request)
    {
        var cluster = Find(request);
        if (request.Body["labelFingerprint"]?.GetValue<string>() is not { Length: > 0 } fingerprint)
        {
            return Refuse("INVALID_ARGUMENT", "Label fingerprint must be set.");
        }

        if (_operations.RunningOn(cluster.ResourceName) is { } running)
        {
            return Refuse(
                "FAILED_PRECONDITION",
                $"Cluster is running incompatible operation {running.Id}.",
                GoogleErrors.ErrorInfo("CLUSTER_ALREADY_HAS_OPERATION", "container.googleapis.com"));
        }

        if (fingerprint != cluster.LabelFingerprint)
        {
            return Refuse(
                "FAILED_PRECONDITION",
                $"Labels could not be set due to fingerprint mismatch; try again with the proper fingerprint: incorrect fingerprint supplied was \"{fingerprint}\", the expected one is \"{cluster.LabelFingerprint}\".");
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Body["resourceLabels"] as JsonObject ?? [])
        {
            labels[name] = value?.GetValue<string>() ?? "";
        }

        var operation = _operations.Begin(request.Call, "", cluster.ResourceName, "UPDATE_CLUSTER", effects =>
        {
            if (!cluster.Labels.SequenceEqual(labels))
            {
                cluster.Labels = labels;
                effects.Add($"updated {cluster.ResourceName}");
            }

            return new OperationEnd();
        });
        return new Answer(200, Show(operation, cluster.Project, cluster.Location));
    }

    private Answer GetOperation(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        var name = request.Part("operation");
        return _operations.Find(name) is { } operation && operation.Target.Contains($"/projects/{project.Id}/locations/{request.Part("location")}/", StringComparison.Ordinal)
            ? new Answer(200, Show(operation, project.Id, request.Part("location")))
            : NotFound($"projects/{project.Id}/locations/{request.Part("location")}/operations/{name}");
    }

    private Answer ListOperations(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        var location = request.Part("location");
        var shown = _clusters
            .Where(cluster => cluster.Project == project.Id && (location == "-" || cluster.Location == location))
            .Select(cluster => (Cluster: cluster, Operation: _operations.RunningOn(cluster.ResourceName)))
            .Where(pair => pair.Operation is not null)
            .Select(pair => Show(pair.Operation, pair.Cluster.Project, pair.Cluster.Location));
        return new Answer(200, new JsonObject { ["operations"] = new JsonArray([.. shown]) });
    }

    private GkeCluster Find(GoogleRequest request)
    {
        var project = _projects.Using(request.Part("project"), Name);
        return _clusters.FirstOrDefault(cluster =>
                cluster.Project == project.Id && cluster.Location == request.Part("location") && cluster.Name == request.Part("cluster"))
            ?? throw new GoogleFailure(NotFound($"projects/{project.Id}/locations/{request.Part("location")}/clusters/{request.Part("cluster")}"));
    }

    private JsonObject Show(Operation? operation, string project, string location)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var number = _projects.Find(project)?.NumberText;
        var shown = new JsonObject
        {
            ["name"] = operation.Id,
            ["operationType"] = operation.Verb,
            ["status"] = operation.Ended is null ? "RUNNING" : "DONE",
            ["selfLink"] = $"https://container.googleapis.com/v1/projects/{number}/locations/{location}/operations/{operation.Id}",
            ["targetLink"] = $"https://container.googleapis.com/v1/projects/{number}/locations/{location}/clusters/{operation.Target.Split('/')[^1]}",
            ["startTime"] = Times.Text(operation.Begun),
            ["zone"] = location,
            ["location"] = location,
        };
        if (operation.Ended is { } ended)
        {
            shown["endTime"] = Times.Text(ended);
        }

        if (operation.Result is { Code: { } code })
        {
            shown["statusMessage"] = operation.Result.Message;
            shown["error"] = new JsonObject { ["code"] = GoogleErrors.NumberOf(code), ["message"] = operation.Result.Message };
        }

        return shown;
    }

    private static Answer NotFound(string name) => Refuse("NOT_FOUND", $"Not found: {name}.");

    // Every refusal of this API tells the request's id.
    private static Answer Refuse(string status, string message, params JsonObject[] details) => GoogleErrors.Of(
        status,
        message,
        [
            .. details,
            new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.RequestInfo",
                ["requestId"] = $"0x{RandomNumberGenerator.GetHexString(16, lowercase: true)}",
            },
        ]);
}
