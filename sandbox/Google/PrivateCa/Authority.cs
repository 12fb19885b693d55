using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>A certificate authority: what the API shows of it, its key, and its certificate.</summary>
/// <param name="content">What the API shows.</param>
/// <param name="key">Its key.</param>
internal sealed class Authority(JsonObject content, CaKey key) : IDisposable
{
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);

    public JsonObject Content { get; } = content;

    public CaKey Key { get; } = key;

    public X509Certificate2? Certificate { get; private set; }

    public string Name => Content["name"]?.GetValue<string>() ?? "";

    public string State
    {
        get => Content["state"]?.GetValue<string>() ?? "";
        set => Content["state"] = value;
    }

    /// <summary>Its own certificate and those above it.</summary>
    public IReadOnlyList<string> Chain => [.. (Content["pemCaCertificates"] as JsonArray ?? []).Select(pem => pem?.GetValue<string>() ?? "")];

    /// <summary>What it would have signed.</summary>
    public string SigningRequest() => Request().CreateSigningRequestPem(Key.Generator);

    /// <summary>Signs its own certificate.</summary>
    public void SignSelf(DateTimeOffset now)
    {
        var lifetime = Durations.Read(Content["lifetime"]?.GetValue<string>()) ?? TimeSpan.FromDays(3650);
        var request = Request();
        using var certificate = request.Create(request.SubjectName, Key.Generator, now - Backdate, now + lifetime, Serial());
        Install(certificate.ExportCertificatePem(), []);
    }

    /// <summary>Signs the certificate of an authority below it.</summary>
    public string Sign(Authority below, DateTimeOffset now)
    {
        var issuer = Certificate ?? throw new InvalidOperationException($"{Name} has no certificate.");
        using var certificate = below.Request().Create(issuer.SubjectName, Key.Generator, now - Backdate, issuer.NotAfter, Serial());
        return certificate.ExportCertificatePem();
    }

    /// <summary>Signs a certificate.</summary>
    public string Sign(WantedCertificate wanted, DateTimeOffset now)
    {
        var issuer = Certificate ?? throw new InvalidOperationException($"{Name} has no certificate.");
        var request = new CertificateRequest(X509Values.Subject(wanted.Subject), wanted.Key.Public, Key.Hash, Key.Padding);
        foreach (var extension in X509Values.Extensions(wanted.Parameters))
        {
            request.CertificateExtensions.Add(extension);
        }

        if (AlternativeName.Extension(wanted.Names) is { } names)
        {
            request.CertificateExtensions.Add(names);
        }

        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(wanted.Key.Public, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        // A certificate never outlives its issuer's.
        var end = now + wanted.Lifetime;
        var (from, last) = (now - Backdate, new DateTimeOffset(issuer.NotAfter));
        using var certificate = request.Create(issuer.SubjectName, Key.Generator, from < issuer.NotBefore ? new DateTimeOffset(issuer.NotBefore) : from, end < last ? end : last, Serial());
        return certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>Takes a certificate that somebody signed for it.</summary>
    /// <param name="pem">The certificate.</param>
    /// <param name="above">Those above it.</param>
    /// <param name="now">When.</param>
    /// <exception cref="GoogleFailure">It is not its own, or the chain does not verify.</exception>
    public void Activate(string pem, IReadOnlyList<string> above, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().SequenceEqual(Key.PublicKey))
            {
                throw new GoogleFailure(GoogleErrors.Invalid("pem_ca_certificate", "The certificate is not for the key of this certificate authority."));
            }

            if (!Verifies(certificate, above, now))
            {
                throw new GoogleFailure(GoogleErrors.Invalid("subordinate_config.pem_issuer_chain", "The chain does not verify the certificate."));
            }
        }
        catch (CryptographicException)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("pem_ca_certificate", "The certificate can't be read."));
        }

        Install(pem, above);
    }

    /// <summary>Takes a certificate as it is.</summary>
    public void Install(string pem, IReadOnlyList<string> above)
    {
        Certificate?.Dispose();
        Certificate = X509Certificate2.CreateFromPem(pem);
        Content["pemCaCertificates"] = new JsonArray([.. above.Prepend(pem).Select(each => JsonValue.Create(each.TrimEnd() + "\n"))]);
        Content["expireTime"] = Times.Seconds(Certificate.NotAfter);
    }

    public void Dispose()
    {
        Certificate?.Dispose();
        Key.Dispose();
    }

    private static bool Verifies(X509Certificate2 certificate, IReadOnlyList<string> above, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        foreach (var each in above.Select(pem => X509Certificate2.CreateFromPem(pem)))
        {
            (each.SubjectName.RawData.SequenceEqual(each.IssuerName.RawData) ? chain.ChainPolicy.CustomTrustStore : chain.ChainPolicy.ExtraStore).Add(each);
        }

        return chain.Build(certificate);
    }

    private CertificateRequest Request()
    {
        var request = Key.Request(X509Values.Subject(Content["config"]?["subjectConfig"]?["subject"] as JsonObject));
        var parameters = Content["config"]?["x509Config"]?.DeepClone() as JsonObject ?? [];
        parameters["caOptions"] ??= new JsonObject { ["isCa"] = true };
        parameters["keyUsage"] ??= new JsonObject { ["baseKeyUsage"] = new JsonObject { ["certSign"] = true, ["crlSign"] = true } };
        foreach (var extension in X509Values.Extensions(parameters))
        {
            request.CertificateExtensions.Add(extension);
        }

        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        serial[0] |= 0x01;
        return serial;
    }
}
