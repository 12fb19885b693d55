using System.Security.Cryptography;
using System.Text;

namespace MeshWorkflow.MeshCertificates;

/// <summary>What istiod signs workloads' certificates with: four texts, each PEM. One of them is a key.</summary>
/// <param name="Certificate">The intermediate's certificate.</param>
/// <param name="Key">Its key.</param>
/// <param name="Root">What the mesh trusts.</param>
/// <param name="Chain">The certificates from the intermediate to the root.</param>
public sealed record SigningFiles(string Certificate, string Key, string Root, string Chain)
{
    /// <summary>The texts under the names that istiod looks for, whatever the files were called.</summary>
    public IReadOnlyDictionary<string, string> ByName => new Dictionary<string, string>
    {
        [CertificateFiles.Certificate] = Certificate,
        [CertificateFiles.Key] = Key,
        [CertificateFiles.Root] = Root,
        [CertificateFiles.Chain] = Chain,
    };

    /// <summary>What tells two sets of files apart without telling what is in them.</summary>
    /// <returns>SHA-256, as <c>sha256:…</c>.</returns>
    public string Digest()
    {
        var all = string.Join('\0', CertificateFiles.OfCluster.Select(name => Pem.Plain(ByName[name])));
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))}";
    }

    /// <summary>The digest of what a mesh trusts: the same for every order of its roots.</summary>
    /// <param name="root">The roots, PEM.</param>
    /// <returns>SHA-256, as <c>sha256:…</c>; null: there is no certificate in it.</returns>
    public static string? RootDigest(string root)
    {
        var roots = Pem.Certificates(root);
        var all = roots.Select(one => Convert.ToHexStringLower(SHA256.HashData(one.RawData))).Order(StringComparer.Ordinal).ToList();
        return all.Count == 0 ? null : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', all))))}";
    }

    /// <summary>Nothing of it: one of the texts is a key.</summary>
    public override string ToString() => nameof(SigningFiles);
}
