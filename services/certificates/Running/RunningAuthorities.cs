using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Certificates.IstioCa;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Protos.Certificates.V1;

namespace MeshWorkflow.Certificates.Running;

/// <summary>Who signs for the control planes that run on a cluster: as they say themselves.</summary>
internal static class RunningAuthorities
{
    private const string RevisionLabel = "istio.io/rev";
    private const string Default = "default";

    private static readonly ObjectType Deployments = new("apps/v1", "Deployment", "deployments");

    public static async Task<IReadOnlyList<RunningAuthority>> ReadAsync(ObjectClient client, string ns, CancellationToken cancellationToken)
    {
        var istiods = await client.ListAsync(Deployments, ns, "labelSelector=app%3Distiod", cancellationToken);
        var found = new List<RunningAuthority>();
        foreach (var revision in istiods.Select(istiod => istiod.Text("metadata", "labels", RevisionLabel) ?? Default).Distinct(StringComparer.Ordinal))
        {
            var suffix = revision == Default ? "" : $"-{revision}";
            var mesh = await client.FindAsync(new ObjectRef("", "configmaps", ns, $"istio{suffix}"), cancellationToken);
            var injector = await client.FindAsync(new ObjectRef("", "configmaps", ns, $"istio-sidecar-injector{suffix}"), cancellationToken);
            found.Add(await OfAsync(client, ns, revision, Provider(mesh?.Text("data", "mesh")), Address(injector?.Text("data", "values")), cancellationToken));
        }

        return found;
    }

    private static async Task<RunningAuthority> OfAsync(
        ObjectClient client, string ns, string revision, string? provider, string address, CancellationToken cancellationToken) => provider switch
        {
            "GoogleCA" => new RunningAuthority(revision, Authority.MeshCa, "Mesh CA"),
            "GoogleCAS" => new RunningAuthority(revision, Authority.CaService, $"CA Service ({PoolOf(address)})", PoolOf(address)),

            // istiod signs by itself where nobody says otherwise: with a root that it has made, unless it was given one.
            null or "" or "Citadel" => await client.FindAsync(CaSecret.In(ns), cancellationToken) is null
                ? new RunningAuthority(revision, Authority.IstioCa, "Istio CA with a root that istiod has made itself", IsSelfMade: true)
                : new RunningAuthority(revision, Authority.IstioCa, $"Istio CA (the secret {CaSecret.Name})"),
            _ => new RunningAuthority(revision, Authority.Unspecified, provider),
        };

    /// <summary>A pool without the template behind it.</summary>
    public static string PoolOf(string address) => address.Split(':')[0];

    // Null: the map is there and says nothing; a map that can't be read says nothing either.
    private static string? Provider(string? mesh)
    {
        try
        {
            return Yaml.Read(mesh ?? "").OfType<JsonObject>().Select(one => one.Text("defaultConfig", "proxyMetadata", "CA_PROVIDER")).FirstOrDefault();
        }
        catch (FormatException)
        {
            return "unknown";
        }
    }

    private static string Address(string? values)
    {
        try
        {
            return (JsonNode.Parse(values ?? "{}") as JsonObject)?.Text("global", "caAddress") ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}

/// <summary>Who signs for a control plane that runs.</summary>
/// <param name="Revision">The control plane's revision.</param>
/// <param name="Authority">Who; unspecified: somebody that we don't know.</param>
/// <param name="Name">How people call it.</param>
/// <param name="Pool">With CA Service: its pool.</param>
/// <param name="IsSelfMade">With Istio CA: whether its root is one that istiod has made.</param>
internal sealed record RunningAuthority(string Revision, Authority Authority, string Name, string Pool = "", bool IsSelfMade = false);
