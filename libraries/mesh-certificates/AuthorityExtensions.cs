using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.MeshCertificates;

/// <summary>What certificates of authorities carry, as Istio's own tools make them.</summary>
internal static class AuthorityExtensions
{
    private const X509KeyUsageFlags Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation
        | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyCertSign;

    /// <summary>Those of a root: it may have any number of intermediates below it.</summary>
    public static void AddRoot(this CertificateRequest request) => request.Add(pathLength: null);

    /// <summary>Those of an intermediate: below it there are workloads only.</summary>
    public static void AddIntermediate(this CertificateRequest request, X509Certificate2 issuer, IEnumerable<string> names)
    {
        request.Add(pathLength: 0);
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
    }

    private static void Add(this CertificateRequest request, int? pathLength)
    {
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: pathLength is not null, pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(Usage, critical: true));
    }
}
