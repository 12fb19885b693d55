using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Saving;

namespace MeshWorkflow.Sandbox.Google.Container;

/// <summary>A GKE cluster, as Google sees it.</summary>
internal sealed class GkeCluster(WorldCluster world) : ISavedPart
{
    public string Project => world.Project;

    public string Location => world.Location;

    public string Name => world.Name;

    /// <summary>The project of its network.</summary>
    public string NetworkProject => world.NetworkProject ?? world.Project;

    /// <summary>Its network's short name.</summary>
    public string Network => world.Network;

    /// <summary>The range of a private cluster's control plane; null: it isn't private.</summary>
    public string? MasterRange => world.MasterRange;

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<string> Quirks => world.Quirks;

    /// <summary>Whether it has vanished; the host sets it.</summary>
    public Func<bool> IsGone { get; set; } = () => false;

    public bool IsAutopilot => world.Autopilot;

    /// <summary><c>projects/P/locations/L/clusters/C</c>.</summary>
    public string RelativeName { get; } = $"projects/{world.Project}/locations/{world.Location}/clusters/{world.Name}";

    /// <summary>The full resource name.</summary>
    public string ResourceName => $"//container.googleapis.com/{RelativeName}";

    /// <summary>The issuer of its service accounts' tokens.</summary>
    public string Issuer => $"https://container.googleapis.com/v1/{RelativeName}";

    /// <summary>The address of its API server, <c>HOST:PORT</c>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The certificate authority of its API server, PEM.</summary>
    public string CertificateAuthority { get; set; } = "";

    /// <summary>The public keys of its service accounts' tokens, as a JSON web key set.</summary>
    public JsonObject TokenKeys { get; set; } = new() { ["keys"] = new JsonArray() };

    public SortedDictionary<string, string> Labels { get; set; } = new(world.Labels.ToDictionary(), StringComparer.Ordinal);

    /// <summary>The relative name of its membership in a fleet, with the fleet's number; null: none.</summary>
    public string? Membership { get; set; }

    /// <summary>The number of its fleet's project.</summary>
    public string? FleetNumber { get; set; }

    /// <summary>Everything else.</summary>
    public JsonObject Content { get; } = ClusterDocument.Of(world);

    public string Status
    {
        get => Content["status"]?.GetValue<string>() ?? "";
        set => Content["status"] = value;
    }

    /// <summary>The pool of its workloads' identities; null: it has no workload identity.</summary>
    public string? WorkloadPool => Content["workloadIdentityConfig"]?["workloadPool"]?.GetValue<string>();

    public string Id => Content["id"]?.GetValue<string>() ?? "";

    /// <summary>The tag that GKE gives its nodes.</summary>
    public string NodeTag => $"gke-{Name}-{Id[..8]}-node";

    public string LabelFingerprint => Hash(JsonSerializer.SerializeToUtf8Bytes(Labels))[..8];

    public string Etag => Hash(Encoding.UTF8.GetBytes(Content.ToJsonString() + LabelFingerprint + Membership))[..32];

    public string SavedAs => $"container/{RelativeName}";

    public JsonNode Save() => SavedJson.Write(new SavedCluster(Labels, Membership, FleetNumber, Content));

    public Action Read(JsonNode saved)
    {
        var state = SavedJson.Read<SavedCluster>(saved);
        return () =>
        {
            Labels = new(state.Labels.ToDictionary(), StringComparer.Ordinal);
            (Membership, FleetNumber) = (state.Membership, state.FleetNumber);
            Content.Clear();
            foreach (var (field, value) in state.Content)
            {
                Content[field] = value?.DeepClone();
            }
        };
    }

    public JsonObject? NodePool(string name) =>
        (Content["nodePools"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(pool => pool["name"]?.GetValue<string>() == name);

    public JsonObject Show()
    {
        var cluster = (JsonObject)Content.DeepClone();
        cluster["masterAuth"] = new JsonObject { ["clusterCaCertificate"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(CertificateAuthority)) };
        cluster["endpoint"] = Endpoint;
        if (Labels.Count > 0)
        {
            cluster["resourceLabels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
        }

        cluster["labelFingerprint"] = LabelFingerprint;
        cluster["etag"] = Etag;
        ShowEndpoints(cluster);
        if (Membership is not null)
        {
            cluster["fleet"] = new JsonObject { ["project"] = FleetNumber, ["membership"] = $"//gkehub.googleapis.com/{Membership}", ["preRegistered"] = true };
        }

        return cluster;
    }

    private void ShowEndpoints(JsonObject cluster)
    {
        if (world.PrivateEndpoint)
        {
            return;
        }

        if (cluster["privateClusterConfig"] is JsonObject config)
        {
            config["publicEndpoint"] = Endpoint;
        }

        if (cluster["controlPlaneEndpointsConfig"]?["ipEndpointsConfig"] is JsonObject endpoints)
        {
            endpoints["publicEndpoint"] = Endpoint;
        }
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private sealed record SavedCluster(IReadOnlyDictionary<string, string> Labels, string? Membership, string? FleetNumber, JsonObject Content);
}
