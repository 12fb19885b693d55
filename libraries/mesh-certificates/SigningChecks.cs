using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.MeshCertificates;

/// <summary>Whether istiod could sign with certificates, and workloads of the mesh would believe it. All that is wrong, at once.</summary>
public static class SigningChecks
{
    private const string Replace = "Make it anew: meshwf certs intermediate, or as your own authority does.";

    /// <summary>Looks at the files of a cluster.</summary>
    /// <param name="files">The files.</param>
    /// <param name="now">The time.</param>
    /// <param name="least">For how long they have to be valid from now on.</param>
    /// <returns>What is wrong, and what people should know.</returns>
    public static Findings Of(SigningFiles files, DateTimeOffset now, TimeSpan least)
    {
        ArgumentNullException.ThrowIfNull(files);
        var (own, chain, roots) = (Pem.Certificates(files.Certificate), Pem.Certificates(files.Chain), Pem.Certificates(files.Root));
        var unreadable = new[] { (CertificateFiles.Certificate, own), (CertificateFiles.Chain, chain), (CertificateFiles.Root, roots) }
            .Where(file => file.Item2.Count == 0)
            .Select(file => new Finding("CA_FILE_INVALID", $"{file.Item1} has no certificate that can be read.", "It must be PEM.", file.Item1))
            .ToList();
        using var key = AuthorityKeys.Read(files.Key);
        if (key is null)
        {
            unreadable.Add(new Finding(
                "CA_KEY_INVALID", $"{CertificateFiles.Key} has no key that can be read.", "It must be PEM, RSA or ECDSA, and not encrypted.", CertificateFiles.Key));
        }

        if (unreadable.Count > 0 || key is null)
        {
            return new Findings(unreadable, []);
        }

        var issuer = own[0];
        List<(X509Certificate2 One, string File)> all =
        [
            .. new[] { issuer }.Select(one => (one, CertificateFiles.Certificate))
                .Concat(roots.Select(one => (one, CertificateFiles.Root)))
                .Concat(chain.Select(one => (one, CertificateFiles.Chain)))
                .DistinctBy(one => Pem.Print(one.one)),
        ];
        return new Findings(
            [
                .. OfKey(key, issuer),
                .. OfIssuer(issuer),
                .. ChainChecks.Of(issuer, chain, roots, now),
                .. all.SelectMany(at => OfStrength(at.One).Concat(OfTime(at.One, now, least)).Concat(OfSignature(at.One)).Select(found => found with { File = at.File })),
            ],
            [.. Notices(issuer, roots)]);
    }

    /// <summary>Looks at a root that intermediates are to be made from.</summary>
    /// <param name="root">The root.</param>
    /// <param name="now">The time.</param>
    /// <param name="least">For how long it has to be valid from now on.</param>
    /// <returns>What is wrong.</returns>
    public static IReadOnlyList<Finding> OfRoot(RootAuthority root, DateTimeOffset now, TimeSpan least)
    {
        ArgumentNullException.ThrowIfNull(root);
        var certificate = root.Certificate;
        var depth = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        return
        [
            .. OfStrength(certificate),
            .. OfIssuer(certificate),
            .. depth is { HasPathLengthConstraint: true, PathLengthConstraint: 0 }
                ? [new Finding("CA_PATH_LENGTH", $"{Pem.Name(certificate)} allows no intermediate below it (path length 0).", "Use a root that does.")]
                : Array.Empty<Finding>(),
            .. OfTime(certificate, now, least),
        ];
    }

    private static IEnumerable<Finding> OfKey(AsymmetricAlgorithm key, X509Certificate2 issuer)
    {
        if (!AuthorityKeys.IsOf(key, issuer))
        {
            yield return new Finding(
                "CA_KEY_MISMATCH", $"{CertificateFiles.Key} is not the key of {CertificateFiles.Certificate}.", "Give the key that its certificate was made with.", CertificateFiles.Key);
        }
    }

    private static IEnumerable<Finding> OfStrength(X509Certificate2 issuer)
    {
        using var rsa = issuer.GetRSAPublicKey();
        using var ecdsa = issuer.GetECDsaPublicKey();
        if ((rsa is not null && rsa.KeySize < AuthorityKeys.LeastRsaBits) || (ecdsa is not null && ecdsa.KeySize < AuthorityKeys.LeastCurveBits))
        {
            yield return new Finding(
                "CA_KEY_WEAK",
                FormattableString.Invariant($"The key of {Pem.Name(issuer)} has {rsa?.KeySize ?? ecdsa?.KeySize} bits: RSA needs {AuthorityKeys.LeastRsaBits}, ECDSA {AuthorityKeys.LeastCurveBits}."),
                Replace);
        }
        else if (rsa is null && ecdsa is null)
        {
            yield return new Finding("CA_KEY_WEAK", $"The key of {Pem.Name(issuer)} is neither RSA nor ECDSA.", Replace);
        }
    }

    private static IEnumerable<Finding> OfIssuer(X509Certificate2 issuer)
    {
        if (issuer.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
        {
            yield return new Finding("CA_NOT_AN_AUTHORITY", $"{Pem.Name(issuer)} is no certificate of an authority (CA:TRUE is missing).", Replace);
        }

        if (issuer.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage
            && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign))
        {
            yield return new Finding("CA_KEY_USAGE", $"{Pem.Name(issuer)} may not sign certificates (its key usage lacks keyCertSign).", Replace);
        }
    }

    private static IEnumerable<Finding> OfTime(X509Certificate2 one, DateTimeOffset now, TimeSpan least)
    {
        var (from, to) = (new DateTimeOffset(one.NotBefore.ToUniversalTime()), new DateTimeOffset(one.NotAfter.ToUniversalTime()));
        if (from > now)
        {
            yield return new Finding("CA_NOT_YET_VALID", $"{Pem.Name(one)} is valid from {from:u} on only.", "Wait, or look at the clock of this machine.");
        }

        if (to <= now)
        {
            yield return new Finding("CA_EXPIRED", $"{Pem.Name(one)} has expired at {to:u}.", Replace);
        }
        else if (to - now < least)
        {
            yield return new Finding(
                "CA_EXPIRES_SOON",
                FormattableString.Invariant($"{Pem.Name(one)} expires at {to:u}, in less than {least.TotalDays:0.#} days: the mesh would stop then."),
                $"{Replace} How long is enough is the setting IstioCa:LeastRemaining of the certificates service.");
        }
    }

    private static IEnumerable<Finding> OfSignature(X509Certificate2 one)
    {
        if (!Pem.IsSelfSigned(one) && one.SignatureAlgorithm.FriendlyName is { } name
            && (name.Contains("sha1", StringComparison.OrdinalIgnoreCase) || name.Contains("md5", StringComparison.OrdinalIgnoreCase)))
        {
            yield return new Finding("CA_SIGNATURE_WEAK", $"{Pem.Name(one)} is signed with {name}: proxies refuse it.", "Have it signed with SHA-256 or better.");
        }
    }

    private static IEnumerable<Finding> Notices(X509Certificate2 issuer, IReadOnlyList<X509Certificate2> roots)
    {
        if (roots.Any(root => Pem.AreSame(root, issuer)))
        {
            yield return new Finding(
                "CA_IS_ROOT",
                "istiod signs with the root itself: whoever gets at its key has the whole mesh.",
                "Keep the root offline, and give each cluster an intermediate.");
        }
        else if (issuer.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { HasPathLengthConstraint: false })
        {
            yield return new Finding("CA_PATH_LENGTH_OPEN", $"{Pem.Name(issuer)} may make further authorities (it has no path length).", "An intermediate of a mesh needs none: path length 0.");
        }
    }
}
