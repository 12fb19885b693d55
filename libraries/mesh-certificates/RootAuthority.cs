using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.MeshCertificates;

/// <summary>A root that intermediates are made from. Holds its key; to be disposed of soon.</summary>
public sealed class RootAuthority : IDisposable
{
    /// <summary>How long a certificate is valid, unless another time is wanted: ten years.</summary>
    public const int DefaultDays = 3650;

    /// <summary>The name that workloads know istiod by.</summary>
    public const string DefaultName = "istiod.istio-system.svc";

    private readonly AsymmetricAlgorithm _key;

    private RootAuthority(X509Certificate2 certificate, AsymmetricAlgorithm key) => (Certificate, _key) = (certificate, key);

    /// <summary>The certificate, without its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What kind of key it has.</summary>
    public KeyKind Kind => AuthorityKeys.KindOf(_key);

    /// <summary>Makes a root that signs itself.</summary>
    /// <param name="subject">Who it says it is.</param>
    /// <param name="kind">What kind of key it gets.</param>
    /// <param name="days">How long it is valid.</param>
    /// <param name="now">From when on.</param>
    /// <returns>The root.</returns>
    public static RootAuthority Make(AuthoritySubject subject, KeyKind kind, int days, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var key = AuthorityKeys.Make(kind);
        var request = AuthorityKeys.Request(subject.ToName(), key);
        request.AddRoot();
        return new RootAuthority(
            request.Create(request.SubjectName, AuthorityKeys.Signer(key), now, now.AddDays(days), Serial()), key);
    }

    /// <summary>Reads a root.</summary>
    /// <param name="certificate">Its certificate, PEM.</param>
    /// <param name="key">Its key, PEM, not encrypted.</param>
    /// <returns>The root.</returns>
    /// <exception cref="CertificateException">They are none, are not those of an authority, or don't belong together.</exception>
    public static RootAuthority Read(string certificate, string key)
    {
        var read = Pem.Certificates(certificate) is [var only]
            ? only
            : throw new CertificateException("CA_FILE_INVALID", $"{CertificateFiles.Root} has to have exactly one certificate to sign with.");
        var own = AuthorityKeys.Read(key)
            ?? throw new CertificateException("CA_KEY_INVALID", $"{CertificateFiles.RootKey} has no key that can be read: PEM, RSA or ECDSA, not encrypted.");
        if (!AuthorityKeys.IsOf(own, read))
        {
            own.Dispose();
            throw new CertificateException("CA_KEY_MISMATCH", $"{CertificateFiles.RootKey} is not the key of {CertificateFiles.Root}.");
        }

        return new RootAuthority(read, own);
    }

    /// <summary>The certificate, PEM.</summary>
    public string CertificatePem() => Pem.Of(Certificate);

    /// <summary>The key, PEM (PKCS #8).</summary>
    public string KeyPem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The signing request for the same certificate, PEM.</summary>
    public string RequestPem()
    {
        var request = AuthorityKeys.Request(Certificate.SubjectName, _key);
        request.AddRoot();
        return request.CreateSigningRequestPem(AuthorityKeys.Signer(_key)) + "\n";
    }

    /// <summary>Makes an intermediate. It ends when the root does at the latest.</summary>
    /// <param name="subject">Who it says it is.</param>
    /// <param name="names">The names that workloads know its istiod by.</param>
    /// <param name="days">How long it is valid.</param>
    /// <param name="now">From when on.</param>
    /// <returns>The four files of its cluster.</returns>
    /// <exception cref="CertificateException">The root's time is over, or has not come.</exception>
    public SigningFiles Issue(AuthoritySubject subject, IReadOnlyList<string> names, int days, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var (from, to) = (Certificate.NotBefore.ToUniversalTime(), Certificate.NotAfter.ToUniversalTime());
        if (now < from || now >= to)
        {
            throw new CertificateException("CA_EXPIRED", $"The root is valid from {from:u} to {to:u}: it can't sign now.");
        }

        using var key = AuthorityKeys.Make(Kind);
        var request = AuthorityKeys.Request(subject.ToName(), key);
        request.AddIntermediate(Certificate, names);
        var end = now.AddDays(days);
        using var certificate = request.Create(
            Certificate.SubjectName, AuthorityKeys.Signer(_key), now, end < to ? end : to, Serial());
        var (own, root) = (Pem.Of(certificate), Pem.Of(Certificate));
        return new SigningFiles(own, key.ExportPkcs8PrivateKeyPem() + "\n", root, own + root);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    // Positive, and of 20 bytes at most, as RFC 5280 wants it.
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(20);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
