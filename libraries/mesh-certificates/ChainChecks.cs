using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.MeshCertificates;

/// <summary>Whether an intermediate leads to the root.</summary>
internal static class ChainChecks
{
    public static IEnumerable<Finding> Of(
        X509Certificate2 issuer, IReadOnlyList<X509Certificate2> chain, IReadOnlyList<X509Certificate2> roots, DateTimeOffset now)
    {
        // Proxies show a workload's certificate with this chain behind it: without the intermediate nobody can follow it.
        if (!Pem.AreSame(chain[0], issuer))
        {
            yield return new Finding(
                "CA_CHAIN_INCOMPLETE",
                $"{CertificateFiles.Chain} does not begin with the certificate of {CertificateFiles.Certificate}.",
                "Put the intermediate first, then what signed it.",
                CertificateFiles.Chain);
        }

        foreach (var other in chain.Where(one => Pem.IsSelfSigned(one) && !roots.Any(root => Pem.AreSame(root, one))))
        {
            yield return new Finding(
                "CA_ROOT_DIFFERS",
                $"{CertificateFiles.Chain} ends in {Pem.Name(other)}, which is not the root of {CertificateFiles.Root}, be it named the same.",
                "Use the root that has signed the intermediate.",
                CertificateFiles.Chain);
        }

        foreach (var other in roots.Concat(chain).Where(one => !Pem.AreSame(one, issuer) && !IsAuthority(one)).DistinctBy(Pem.Print))
        {
            yield return new Finding(
                "CA_NOT_AN_AUTHORITY",
                $"{Pem.Name(other)} stands above the intermediate and is no certificate of an authority (CA:TRUE is missing).",
                "Have the intermediate signed by an authority.",
                roots.Any(root => Pem.AreSame(root, other)) ? CertificateFiles.Root : CertificateFiles.Chain);
            yield break;
        }

        if (ChainProblem(issuer, chain, roots, now) is { } problem)
        {
            yield return problem;
        }
    }

    private static bool IsAuthority(X509Certificate2 one) =>
        one.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true };

    private static Finding? ChainProblem(
        X509Certificate2 issuer, IReadOnlyList<X509Certificate2> chain, IReadOnlyList<X509Certificate2> roots, DateTimeOffset now)
    {
        using var verifying = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
                VerificationTime = now.UtcDateTime,

                // Time is looked at for itself, certificate by certificate.
                VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
            },
        };
        verifying.ChainPolicy.CustomTrustStore.AddRange(roots.ToArray());
        verifying.ChainPolicy.ExtraStore.AddRange(chain.ToArray());
        if (verifying.Build(issuer))
        {
            return TooDeep(verifying);
        }

        var states = verifying.ChainStatus.Select(one => one.Status).Where(one => one is not X509ChainStatusFlags.NotTimeValid).Distinct().ToList();
        if (states.Contains(X509ChainStatusFlags.InvalidBasicConstraints))
        {
            return TooDeep(verifying) ?? new Finding(
                "CA_PATH_LENGTH",
                $"Something between {Pem.Name(issuer)} and the root does not allow so many authorities below it (path length).",
                "Have the intermediate signed by an authority that does.",
                CertificateFiles.Chain);
        }

        return new Finding(
            "CA_CHAIN_BROKEN",
            $"{Pem.Name(issuer)} does not lead to the root of {CertificateFiles.Root} ({string.Join(", ", states)}).",
            "Every certificate in between belongs into the chain, and the root must be the one that signed the last of them.",
            CertificateFiles.Root);
    }

    // What a library that only follows signatures would let through.
    private static Finding? TooDeep(X509Chain chain)
    {
        for (var at = 1; at < chain.ChainElements.Count; at++)
        {
            var one = chain.ChainElements[at].Certificate;
            var limit = one.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
            if (limit is { HasPathLengthConstraint: true } && limit.PathLengthConstraint < at)
            {
                return new Finding(
                    "CA_PATH_LENGTH",
                    FormattableString.Invariant($"{Pem.Name(one)} allows {limit.PathLengthConstraint} authorities below it, and has {at}."),
                    "Have the intermediate signed by an authority that allows it.",
                    at == chain.ChainElements.Count - 1 ? CertificateFiles.Root : CertificateFiles.Chain);
            }
        }

        return null;
    }
}
