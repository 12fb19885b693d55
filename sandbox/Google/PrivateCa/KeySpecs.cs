using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>The keys that certificate authorities may have.</summary>
internal static class KeySpecs
{
    /// <summary>Makes a key by the name of its algorithm; null: there is no such.</summary>
    public static CaKey? Make(string algorithm) => algorithm.Split('_') switch
    {
        ["EC", "P256", _] => new CaKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256, null),
        ["EC", "P384", _] => new CaKey(ECDsa.Create(ECCurve.NamedCurves.nistP384), HashAlgorithmName.SHA384, null),
        ["RSA", "PKCS1", var bits, _] => new CaKey(RSA.Create(Bits(bits)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ["RSA", "PSS", var bits, _] => new CaKey(RSA.Create(Bits(bits)), HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => null,
    };

    private static int Bits(string text) => text switch
    {
        "3072" => 3072,
        "4096" => 4096,
        _ => 2048,
    };
}

/// <summary>The key of a certificate authority.</summary>
/// <param name="Key">The key.</param>
/// <param name="Hash">What it hashes with.</param>
/// <param name="Padding">How it pads; null: it is no RSA key.</param>
internal sealed record CaKey(AsymmetricAlgorithm Key, HashAlgorithmName Hash, RSASignaturePadding? Padding) : IDisposable
{
    public X509SignatureGenerator Generator => Key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, Padding ?? RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa((ECDsa)Key);

    public byte[] PublicKey => Key is RSA rsa ? rsa.ExportSubjectPublicKeyInfo() : ((ECDsa)Key).ExportSubjectPublicKeyInfo();

    public CertificateRequest Request(X500DistinguishedName subject) => Key is RSA rsa
        ? new CertificateRequest(subject, rsa, Hash, Padding ?? RSASignaturePadding.Pkcs1)
        : new CertificateRequest(subject, (ECDsa)Key, Hash);

    /// <summary>The key itself, PKCS#8.</summary>
    public byte[] Export() => Key.ExportPkcs8PrivateKey();

    /// <summary>Takes another key of the same kind.</summary>
    /// <exception cref="CryptographicException">It is none.</exception>
    public void Import(byte[] key) => Key.ImportPkcs8PrivateKey(key, out _);

    public void Dispose() => Key.Dispose();
}
