using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.MeshCertificates;

/// <summary>Who an authority says it is.</summary>
/// <param name="Organization">Its organisation.</param>
/// <param name="CommonName">Its name.</param>
/// <param name="Locality">The cluster that it is for; null: none.</param>
public sealed record AuthoritySubject(string Organization, string CommonName, string? Locality = null)
{
    /// <summary>The organisation, unless another is wanted.</summary>
    public const string DefaultOrganization = "Istio";

    /// <summary>A root's name, unless another is wanted.</summary>
    public const string DefaultRoot = "Root CA";

    /// <summary>An intermediate's name, unless another is wanted.</summary>
    public const string DefaultIntermediate = "Intermediate CA";

    internal X500DistinguishedName ToName()
    {
        // The builder writes last what was added first.
        var builder = new X500DistinguishedNameBuilder();
        if (Locality is not null)
        {
            builder.AddLocalityName(Locality);
        }

        builder.AddCommonName(CommonName);
        builder.AddOrganizationName(Organization);
        return builder.Build();
    }
}
