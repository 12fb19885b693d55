using System.Security.Cryptography.X509Certificates;
using MeshWorkflow.Sandbox.Google;
using MeshWorkflow.Sandbox.Traffic;

namespace MeshWorkflow.Sandbox.Kubernetes.Access;

/// <summary>Finds out who calls: by a token of Google's or of a service account, or by a certificate.</summary>
internal sealed class Authenticator(ServiceAccountTokens accounts, string authority)
{
    private const string OrganizationName = "2.5.4.10";

    /// <summary>The caller; null: the credentials are no good.</summary>
    public Caller? CallerOf(ApiRequest request, Tokens tokens)
    {
        if (request.Bearer is { } token)
        {
            return accounts.CallerOf(token) ?? (tokens.PrincipalOf(token) is { } principal ? OfGoogle(principal) : null);
        }

        return request.ClientCertificate is { } certificate ? OfCertificate(certificate) : Caller.Anonymous;
    }

    /// <summary>Who one of Google's principals is to a cluster.</summary>
    public static Caller OfGoogle(string principal)
    {
        var colon = principal.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? principal : principal[(colon + 1)..];
        return new Caller(name, ["system:authenticated"]) { GooglePrincipal = principal };
    }

    private Caller? OfCertificate(X509Certificate2 certificate)
    {
        using var root = X509Certificate2.CreateFromPem(authority);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (!chain.Build(certificate))
        {
            return null;
        }

        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var groups = certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false)
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == OrganizationName)
            .Select(part => part.GetSingleElementValue() ?? "");
        return new Caller(name, [.. groups, "system:authenticated"]);
    }
}
