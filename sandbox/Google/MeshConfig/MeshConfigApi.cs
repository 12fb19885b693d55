using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.Schemas;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google.MeshConfig;

/// <summary>Mesh Configuration: prepares a project for the mesh, for workloads of some identity pools.</summary>
internal sealed partial class MeshConfigApi : IGoogleApi, IWorldPart, ISavedPart
{
    private readonly SortedDictionary<string, JsonArray> _pools = new(StringComparer.Ordinal);

    public MeshConfigApi() => Routes =
    [
        new GoogleRoute("projects.initialize", "POST", "v1alpha1/projects/{project}:initialize", Initialize, ApiSchemas.Of(Name).Message("InitializeRequest"))
        {
            Permission = "meshconfig.projects.init",
        },
    ];

    public string Name => "meshconfig";

    public IReadOnlyList<GoogleRoute> Routes { get; }

    public string SavedAs => "meshconfig";

    public IEnumerable<KeyValuePair<string, JsonNode>> Resources() => _pools.Select(pair => KeyValuePair.Create<string, JsonNode>(
        $"//meshconfig.googleapis.com/{pair.Key}", new JsonObject { ["workloadIdentityPools"] = pair.Value.DeepClone() }));

    public JsonNode Save() => SavedJson.Write(_pools);

    public Action Read(JsonNode saved)
    {
        var pools = SavedJson.Read<Dictionary<string, JsonArray>>(saved);
        return () =>
        {
            _pools.Clear();
            foreach (var (project, list) in pools)
            {
                _pools.Add(project, list);
            }
        };
    }

    // The list replaces the one of before: there is no way back to a project that never was initialised.
    private Answer Initialize(GoogleRequest request)
    {
        var pools = request.Body["workloadIdentityPools"] as JsonArray ?? [];
        if (pools.Select(pool => pool?.ToString() ?? "").FirstOrDefault(pool => !Pool().IsMatch(pool)) is { } wrong)
        {
            return GoogleErrors.Invalid("workload_identity_pools", $"Invalid workload identity pool: {wrong}");
        }

        if (!_pools.TryGetValue(request.Name, out var found) || !JsonNode.DeepEquals(found, pools))
        {
            _pools[request.Name] = (JsonArray)pools.DeepClone();
            request.Call.Effects.Add($"updated //meshconfig.googleapis.com/{request.Name}");
        }

        return new Answer(200, new JsonObject());
    }

    [GeneratedRegex("^[a-z][-a-z0-9.:]*\\.(svc|hub)\\.id\\.goog\\z")]
    private static partial Regex Pool();
}
