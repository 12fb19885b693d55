using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Google.Access;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;

namespace MeshWorkflow.Sandbox.Google.Compute;

/// <summary>Compute Engine: firewall rules and networks.</summary>
internal sealed class ComputeApi : IGoogleApi, IWorldPart
{
    private readonly Firewalls _firewalls;
    private readonly Networks _networks;
    private readonly AccessControl _access;
    private readonly RequestMemory _memory;

    public ComputeApi(Firewalls firewalls, Networks networks, ComputeOperations operations, AccessControl access, RequestMemory memory)
    {
        (_firewalls, _networks, _access, _memory) = (firewalls, networks, access, memory);

        // The name stands twice in the real path: compute.googleapis.com/compute/v1/….
        const string Global = "(?:compute/)?v1/projects/{project}/global";
        string[] listed = ["filter", "maxResults", "pageToken", "orderBy", "returnPartialSuccess"];
        var firewall = ApiSchemas.Of(Name).Message("Firewall");
        Routes =
        [
            new GoogleRoute("firewalls.list", "GET", $"{Global}/firewalls", ListFirewalls, null, listed) { Permission = "compute.firewalls.list" },
            new GoogleRoute("firewalls.get", "GET", $"{Global}/firewalls/{{firewall}}", request => new Answer(200, firewalls.Find(request.Name).DeepClone()))
            {
                Permission = "compute.firewalls.get",
            },
            new GoogleRoute("firewalls.insert", "POST", $"{Global}/firewalls", Change(firewalls.Insert), firewall, "requestId")
            {
                Permission = "compute.firewalls.create",
                IdParameter = "body.name",
            },
            new GoogleRoute("firewalls.patch", "PATCH", $"{Global}/firewalls/{{firewall}}", Change(firewalls.Patch), firewall, "requestId")
            {
                Permission = "compute.firewalls.update",
            },
            new GoogleRoute("firewalls.update", "PUT", $"{Global}/firewalls/{{firewall}}", Change(firewalls.Patch), firewall, "requestId")
            {
                Permission = "compute.firewalls.update",
            },
            new GoogleRoute("firewalls.delete", "DELETE", $"{Global}/firewalls/{{firewall}}", Change(firewalls.Delete), null, "requestId")
            {
                Permission = "compute.firewalls.delete",
            },
            new GoogleRoute("networks.list", "GET", $"{Global}/networks", request => ComputeList.Of(request, "compute#networkList", networks.In(request.Project)), null, listed)
            {
                Permission = "compute.networks.list",
            },
            new GoogleRoute("networks.get", "GET", $"{Global}/networks/{{network}}", GetNetwork) { Permission = "compute.networks.get" },
            new GoogleRoute("globalOperations.list", "GET", $"{Global}/operations", operations.List, null, listed) { Permission = "compute.globalOperations.list" },
            new GoogleRoute("globalOperations.get", "GET", $"{Global}/operations/{{operation}}", operations.Get) { Permission = "compute.globalOperations.get" },
            new GoogleRoute("globalOperations.wait", "POST", $"{Global}/operations/{{operation}}/wait", operations.Wait) { Permission = "compute.globalOperations.get" },
        ];
    }

    public string Name => "compute";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    public Answer Denied(GoogleRequest request, string permission) => ComputeErrors.Of(
        403, "forbidden", $"Required '{permission}' permission for '{request.Call.Resource["//compute.googleapis.com/".Length..]}'");

    public Answer NoProject(string project) => ComputeErrors.NotFound($"projects/{project}");

    public Answer InOwnWords(Answer refusal, ApiCall call) => ComputeErrors.Translate(refusal, call.Resource.Split('/').ElementAtOrDefault(4) ?? "");

    public IEnumerable<KeyValuePair<string, JsonNode>> Resources() =>
        _firewalls.All.Concat(_networks.All).Select(pair => KeyValuePair.Create<string, JsonNode>($"//compute.googleapis.com/{pair.Key}", pair.Value));

    private Answer ListFirewalls(GoogleRequest request) => ComputeList.Of(request, "compute#firewallList", _firewalls.In(request.Project));

    private Answer GetNetwork(GoogleRequest request) =>
        _networks.Find(request.Name) is { } network ? new Answer(200, network.DeepClone()) : ComputeErrors.NotFound(request.Name);

    private Func<GoogleRequest, Answer> Change(Func<GoogleRequest, Operation> begin) => request =>
    {
        const string UpdatePolicy = "compute.networks.updatePolicy";
        return _access.Has(request.Principal, UpdatePolicy, request.Project.RelativeName)
            ? new Answer(200, ComputeOperations.Show(_memory.Once(request, () => begin(request))))
            : Denied(request, UpdatePolicy);
    };
}
