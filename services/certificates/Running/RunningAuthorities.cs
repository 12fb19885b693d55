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

    /// <summary>The revision of a control plane that has no name.</summary>
    public const string Default = "default";

    private const string ManyRoots = "ISTIO_MULTIROOT_MESH";

    private static readonly ObjectType Deployments = new("apps/v1", "Deployment", "deployments");

    public static async Task<IReadOnlyList<RunningAuthority>> ReadAsync(ObjectClient client, string ns, CancellationToken cancellationToken)
    {
        var istiods = await client.ListAsync(Deployments, ns, "labelSelector=app%3Distiod", cancellationToken);
        var found = new List<RunningAuthority>();
        foreach (var revision in istiods.Select(RevisionOf).Distinct(StringComparer.Ordinal))
        {
            var suffix = revision == Default ? "" : $"-{revision}";
            var mesh = Read((await client.FindAsync(new ObjectRef("", "configmaps", ns, $"istio{suffix}"), cancellationToken))?.Text("data", "mesh"));
            var injector = await client.FindAsync(new ObjectRef("", "configmaps", ns, $"istio-sidecar-injector{suffix}"), cancellationToken);
            var running = await OfAsync(client, ns, revision, mesh.Provider, Address(injector?.Text("data", "values")), cancellationToken);
            found.Add(running with { SpreadsRoots = mesh.HasRoots && istiods.Where(istiod => RevisionOf(istiod) == revision).All(HasManyRoots) });
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

    private static string RevisionOf(JsonObject istiod) => istiod.Text("metadata", "labels", RevisionLabel) ?? Default;

    // Whether it has proxies trust the roots of its mesh configuration beside its own.
    private static bool HasManyRoots(JsonObject istiod) =>
        istiod.Items("spec", "template", "spec", "containers")
            .SelectMany(container => container.Items("env"))
            .Any(variable => variable.Text("name") == ManyRoots && variable.Text("value") == "true");

    // No provider: the map is there and says nothing; a map that can't be read says nothing either.
    private static (string? Provider, bool HasRoots) Read(string? mesh)
    {
        try
        {
            var first = Yaml.Read(mesh ?? "").OfType<JsonObject>().FirstOrDefault();
            return (first?.Text("defaultConfig", "proxyMetadata", "CA_PROVIDER"), first?["caCertificates"] is JsonArray { Count: > 0 });
        }
        catch (FormatException)
        {
            return ("unknown", false);
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
internal sealed record RunningAuthority(string Revision, Authority Authority, string Name, string Pool = "", bool IsSelfMade = false)
{
    /// <summary>Whether its workloads trust further roots beside its own.</summary>
    public bool SpreadsRoots { get; init; }
}
