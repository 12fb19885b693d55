using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.MeshCertificates;

/// <summary>What kind of key an authority has.</summary>
public enum KeyKind
{
    /// <summary>RSA of 4096 bits, as Istio's own tools make it.</summary>
    Rsa,

    /// <summary>ECDSA on the curve P-256.</summary>
    Ecdsa,
}

/// <summary>Keys of authorities.</summary>
internal static class AuthorityKeys
{
    public const int RsaBits = 4096;
    public const int LeastRsaBits = 2048;
    public const int LeastCurveBits = 256;

    public static AsymmetricAlgorithm Make(KeyKind kind) =>
        kind is KeyKind.Ecdsa ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(RsaBits);

    public static CertificateRequest Request(X500DistinguishedName subject, AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => new CertificateRequest(subject, ecdsa, HashAlgorithmName.SHA256),
        _ => throw new ArgumentException($"A key of {key.GetType().Name} makes no certificate.", nameof(key)),
    };

    public static X509SignatureGenerator Signer(AsymmetricAlgorithm key) => key switch
    {
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
        _ => throw new ArgumentException($"A key of {key.GetType().Name} signs no certificate.", nameof(key)),
    };

    public static KeyKind KindOf(AsymmetricAlgorithm key) => key is ECDsa ? KeyKind.Ecdsa : KeyKind.Rsa;

    /// <summary>Reads a key that is not encrypted.</summary>
    /// <returns>The key; null: there is none that is understood.</returns>
    public static AsymmetricAlgorithm? Read(string pem)
    {
        foreach (AsymmetricAlgorithm key in (AsymmetricAlgorithm[])[RSA.Create(), ECDsa.Create()])
        {
            try
            {
                key.ImportFromPem(pem);
                return key;
            }
            catch (Exception exception) when (exception is ArgumentException or CryptographicException)
            {
                // Of the other kind, or none at all.
                key.Dispose();
            }
        }

        return null;
    }

    /// <summary>Whether a key is that of a certificate.</summary>
    public static bool IsOf(AsymmetricAlgorithm key, X509Certificate2 certificate) =>
        key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo());
}
