using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MeshWorkflow.KubernetesApi;
using MeshWorkflow.KubernetesApi.Objects;
using MeshWorkflow.Steps.Clusters;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.ControlPlane.FleetMembership;

/// <summary>Who issues the tokens of a cluster's service accounts, as the cluster itself tells. On GKE the cluster's name says it.</summary>
/// <param name="Issuer">The issuer's address.</param>
/// <param name="ExternalId">What tells the cluster from others: the UID of its namespace kube-system; null: it is GKE's.</param>
/// <param name="Keys">The issuer's keys, a JSON Web Key Set in base64, where Google can't fetch them itself.</param>
internal sealed record TokenIssuer(string Issuer, string? ExternalId, string? Keys)
{
    private static readonly string[] Inside = ["localhost", "kubernetes.default.svc", "kubernetes.default", "kubernetes"];

    /// <exception cref="MeshException">The cluster does not tell, or Google can't reach the issuer.</exception>
    public static async Task<TokenIssuer> OfAsync(ClusterTarget target, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        if (!target.IsElsewhere)
        {
            return new TokenIssuer(target.Name.Issuer, ExternalId: null, Keys: null);
        }

        var system = await cluster.FindJsonAsync("api/v1/namespaces/kube-system", cancellationToken);
        var configuration = await FindAsync(cluster, ".well-known/openid-configuration", cancellationToken);
        if (configuration?.Text("issuer") is not { Length: > 0 } issuer || system?.Text("metadata", "uid") is not { Length: > 0 } id)
        {
            throw new MeshException(
                "ISSUER_UNKNOWN",
                $"{target} does not tell who issues its tokens (/.well-known/openid-configuration).",
                "Let the kubeconfig's user read it: bind the ClusterRole system:service-account-issuer-discovery to it.");
        }

        if (target.Access?.PrivateIssuer is true)
        {
            var keys = await FindAsync(cluster, "openid/v1/jwks", cancellationToken);
            return keys?["keys"] is JsonArray { Count: > 0 }
                ? new TokenIssuer(issuer, id, Convert.ToBase64String(Encoding.UTF8.GetBytes(keys.ToJsonString())))
                : throw new MeshException("ISSUER_UNKNOWN", $"{target} does not tell the keys of its tokens (/openid/v1/jwks).", "Let the kubeconfig's user read them.");
        }

        return IsPublic(issuer)
            ? new TokenIssuer(issuer, id, Keys: null)
            : throw new MeshException(
                "ISSUER_NOT_PUBLIC",
                $"The tokens of {target} are issued by {issuer}, which Google can't reach to check them.",
                "Say so (spec.clusters[].privateIssuer: true, or PRIVATE_ISSUER=1): then the keys go into the membership.");
    }

    private static bool IsPublic(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var address)
        && address.Scheme == Uri.UriSchemeHttps
        && !Inside.Contains(address.Host)
        && !address.Host.EndsWith(".local", StringComparison.Ordinal)
        && !(IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    // Who may not read it is told what to do, not only that it may not.
    private static async Task<JsonObject?> FindAsync(ClusterConnection cluster, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.FindJsonAsync(path, cancellationToken);
        }
        catch (ClusterCallException exception) when (exception.Status is HttpStatusCode.Forbidden)
        {
            return null;
        }
    }
}
