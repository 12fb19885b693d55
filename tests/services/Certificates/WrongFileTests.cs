using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MeshWorkflow.MeshCertificates;

namespace MeshWorkflow.Tests.Services.Certificates;

/// <summary>Rows S18 and S19: each way in which a file can be wrong, with the file, the code and a remedy.</summary>
public sealed class WrongFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Least = TimeSpan.FromDays(30);

    /// <summary>What is wrong, how it is called, and in which file.</summary>
    public static TheoryData<string, string, string> Wrong { get; } = new()
    {
        { "certificate: text", "CA_FILE_INVALID", "ca-cert.pem" },
        { "chain: text", "CA_FILE_INVALID", "cert-chain.pem" },
        { "root: text", "CA_FILE_INVALID", "root-cert.pem" },
        { "key: text", "CA_KEY_INVALID", "ca-key.pem" },
        { "key: encrypted", "CA_KEY_INVALID", "ca-key.pem" },
        { "key: another's", "CA_KEY_MISMATCH", "ca-key.pem" },
        { "certificate: RSA 1024", "CA_KEY_WEAK", "ca-cert.pem" },
        { "root: RSA 1024", "CA_KEY_WEAK", "root-cert.pem" },
        { "certificate: no authority", "CA_NOT_AN_AUTHORITY", "ca-cert.pem" },
        { "root: no authority", "CA_NOT_AN_AUTHORITY", "root-cert.pem" },
        { "certificate: may not sign", "CA_KEY_USAGE", "ca-cert.pem" },
        { "certificate: tomorrow", "CA_NOT_YET_VALID", "ca-cert.pem" },
        { "certificate: expired", "CA_EXPIRED", "ca-cert.pem" },
        { "root: expired", "CA_EXPIRED", "root-cert.pem" },
        { "certificate: 20 days left", "CA_EXPIRES_SOON", "ca-cert.pem" },
        { "certificate: SHA-1", "CA_SIGNATURE_WEAK", "ca-cert.pem" },
        { "root: path length 0 and one between", "CA_PATH_LENGTH", "root-cert.pem" },
        { "chain: without the intermediate", "CA_CHAIN_INCOMPLETE", "cert-chain.pem" },
        { "chain: ends in another root of the same name", "CA_ROOT_DIFFERS", "cert-chain.pem" },
        { "root: another of the same name", "CA_CHAIN_BROKEN", "root-cert.pem" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Files_Wrong_AreToldByFileCodeAndRemedy(string how, string code, string file)
    {
        var findings = SigningChecks.Of(Made(how), Now, Least).Wrong;

        var finding = Assert.Single(findings, one => one.Code == code && one.File == file);
        Assert.NotEmpty(finding.Message);
        Assert.NotEmpty(finding.Remedy);
        Assert.DoesNotContain("PRIVATE KEY", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RSA 2048")]
    [InlineData("ECDSA P-256")]
    [InlineData("ECDSA P-384")]
    public void Files_Right_HaveNothingWrong(string kind)
    {
        var findings = SigningChecks.Of(Made($"certificate: {kind}"), Now, Least);

        Assert.Empty(findings.Wrong);
        Assert.Empty(findings.Notices);
    }

    [Theory]
    [InlineData("all: the root signs", "CA_IS_ROOT")]
    [InlineData("certificate: no path length", "CA_PATH_LENGTH_OPEN")]
    public void Files_Unwise_AreANotice(string how, string code)
    {
        var findings = SigningChecks.Of(Made(how), Now, Least);

        Assert.Empty(findings.Wrong);
        Assert.Equal(code, Assert.Single(findings.Notices).Code);
    }

    [Fact]
    public void Files_UnderAnyNames_GoUnderThoseThatIstiodLooksFor() =>
        Assert.Equal(["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"], Made("certificate: ECDSA P-256").ByName.Keys.Order(StringComparer.Ordinal));

    private static SigningFiles Made(string how)
    {
        using var root = Authority(how.StartsWith("root:", StringComparison.Ordinal) ? how : "", "Root CA", issuer: null, pathLength: how.Contains("path length 0", StringComparison.Ordinal) ? 0 : null);
        using var other = Authority("", "Root CA", issuer: null, pathLength: null);
        using var between = how.Contains("one between", StringComparison.Ordinal) ? Authority("", "Between", root, pathLength: 1) : null;
        using var own = Authority(how.StartsWith("certificate:", StringComparison.Ordinal) ? how : "", "Intermediate CA", between ?? root, how.Contains("no path length", StringComparison.Ordinal) ? null : 0);
        var chain = string.Concat(new[] { own, between, root }.OfType<Pair>().Select(one => one.Certificate.ExportCertificatePem() + "\n"));
        var files = new SigningFiles(own.Pem, own.KeyPem, root.Pem, chain);
        return how switch
        {
            "certificate: text" => files with { Certificate = "no PEM" },
            "chain: text" => files with { Chain = "no PEM" },
            "root: text" => files with { Root = "no PEM" },
            "key: text" => files with { Key = "no PEM" },
            "key: encrypted" => files with { Key = own.Key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000)) },
            "key: another's" => files with { Key = other.KeyPem },
            "chain: without the intermediate" => files with { Chain = root.Pem },
            "chain: ends in another root of the same name" => files with { Chain = own.Pem + other.Pem },
            "root: another of the same name" => files with { Root = other.Pem, Chain = own.Pem },
            "all: the root signs" => new SigningFiles(root.Pem, root.KeyPem, root.Pem, root.Pem),
            _ => files,
        };
    }

    private static Pair Authority(string how, string name, Pair? issuer, int? pathLength)
    {
        AsymmetricAlgorithm key = how switch
        {
            _ when how.EndsWith("RSA 1024", StringComparison.Ordinal) => RSA.Create(1024),
            _ when how.EndsWith("RSA 2048", StringComparison.Ordinal) => RSA.Create(2048),
            _ when how.EndsWith("P-384", StringComparison.Ordinal) => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        };
        var subject = new X500DistinguishedName($"O=Istio, CN={name}");
        var request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(!how.EndsWith("no authority", StringComparison.Ordinal), pathLength is not null && !how.EndsWith("no authority", StringComparison.Ordinal), pathLength ?? 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            how.EndsWith("may not sign", StringComparison.Ordinal) ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.KeyCertSign, critical: true));
        var (from, to) = how.Split(": ")[^1] switch
        {
            "tomorrow" => (Now.AddDays(1), Now.AddDays(400)),
            "expired" => (Now.AddDays(-400), Now.AddDays(-1)),
            "20 days left" => (Now.AddDays(-400), Now.AddDays(20)),
            _ => (Now.AddDays(-400), Now.AddDays(400)),
        };
        var generator = Signer(issuer?.Key ?? key);
        if (how.EndsWith("SHA-1", StringComparison.Ordinal))
        {
            generator = new Sha1Signer((ECDsa)(issuer?.Key ?? key));
        }

        return new Pair(request.Create(issuer?.Certificate.SubjectName ?? subject, generator, from, to, RandomNumberGenerator.GetBytes(8)), key);
    }

    private static X509SignatureGenerator Signer(AsymmetricAlgorithm key) =>
        key is RSA rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa((ECDsa)key);

    private sealed record Pair(X509Certificate2 Certificate, AsymmetricAlgorithm Key) : IDisposable
    {
        public string Pem => Certificate.ExportCertificatePem() + "\n";

        public string KeyPem => Key.ExportPkcs8PrivateKeyPem();

        public void Dispose()
        {
            Certificate.Dispose();
            Key.Dispose();
        }
    }

    // .NET makes none by itself any more.
    private sealed class Sha1Signer(ECDsa key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300906072a8648ce3d0401");

#pragma warning disable CA5350 // Weak on purpose.
        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);
#pragma warning restore CA5350

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
