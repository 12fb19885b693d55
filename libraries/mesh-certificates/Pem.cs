using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshWorkflow.MeshCertificates;

/// <summary>Texts with certificates in them.</summary>
internal static class Pem
{
    public static string Of(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";

    /// <summary>The certificates of a text; none: it has none that can be read.</summary>
    public static IReadOnlyList<X509Certificate2> Certificates(string text)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            return [];
        }

        return [.. found];
    }

    /// <summary>A text without what means nothing in it: how its lines end, and blanks around it.</summary>
    public static string Plain(string text) => text.ReplaceLineEndings("\n").Trim();

    public static bool AreSame(X509Certificate2 one, X509Certificate2 other) => one.RawData.AsSpan().SequenceEqual(other.RawData);

    public static string Print(X509Certificate2 one) => one.GetCertHashString(HashAlgorithmName.SHA256);

    public static bool IsSelfSigned(X509Certificate2 one) => one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData);

    /// <summary>A certificate for people.</summary>
    public static string Name(X509Certificate2 one) => $"'{one.Subject}'";
}
