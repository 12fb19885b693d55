using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>A certificate that somebody wants.</summary>
/// <param name="key">Its key.</param>
/// <param name="lifetime">How long it is to be valid.</param>
/// <param name="isRequest">Whether it came as a signing request.</param>
internal sealed class WantedCertificate(CertificateKey key, TimeSpan lifetime, bool isRequest)
{
    public CertificateKey Key { get; } = key;

    public TimeSpan Lifetime { get; } = lifetime;

    public bool IsRequest { get; } = isRequest;

    /// <summary>Whom it names, in the API's form.</summary>
    public JsonObject Subject { get; set; } = [];

    /// <summary>Its alternative names.</summary>
    public List<AlternativeName> Names { get; set; } = [];

    /// <summary>Its usages and constraints, in the API's form.</summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary>What policies and templates prescribe, by its path.</summary>
    public Dictionary<string, JsonNode?> Prescribed { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a signing request.</summary>
    /// <exception cref="GoogleFailure">It is none.</exception>
    public static WantedCertificate FromRequest(string pem, TimeSpan lifetime)
    {
        try
        {
            var read = CertificateRequest.LoadSigningRequestPem(
                pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
            return new WantedCertificate(new CertificateKey(read.PublicKey), lifetime, isRequest: true)
            {
                Subject = SubjectOf(read.SubjectName),
                Names = AlternativeName.Of(read.CertificateExtensions),
                Parameters = X509Values.Parameters(read.CertificateExtensions),
            };
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or System.Formats.Asn1.AsnContentException)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("certificate.pem_csr", "The certificate signing request can't be read."));
        }
    }

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="GoogleFailure">Its key is none.</exception>
    public static WantedCertificate FromConfig(JsonObject config, TimeSpan lifetime)
    {
        try
        {
            var pem = System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(config["publicKey"]?["key"]?.GetValue<string>() ?? ""));
            return new WantedCertificate(CertificateKey.Read(pem), lifetime, isRequest: false)
            {
                Subject = config["subjectConfig"]?["subject"]?.DeepClone() as JsonObject ?? [],
                Names = AlternativeName.Of(config["subjectConfig"]?["subjectAltName"]),
                Parameters = config["x509Config"]?.DeepClone() as JsonObject ?? [],
            };
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            throw new GoogleFailure(GoogleErrors.Invalid("certificate.config.public_key", "The public key can't be read."));
        }
    }

    private static JsonObject SubjectOf(X500DistinguishedName name)
    {
        var subject = new JsonObject();
        foreach (var part in name.EnumerateRelativeDistinguishedNames().Where(part => !part.HasMultipleElements))
        {
            var field = part.GetSingleElementType().Value switch
            {
                "2.5.4.3" => "commonName",
                "2.5.4.6" => "countryCode",
                "2.5.4.7" => "locality",
                "2.5.4.8" => "province",
                "2.5.4.10" => "organization",
                "2.5.4.11" => "organizationalUnit",
                _ => null,
            };
            if (field is not null)
            {
                subject[field] = part.GetSingleElementValue();
            }
        }

        return subject;
    }
}

/// <summary>The public key of a certificate.</summary>
/// <param name="Public">The key.</param>
internal sealed record CertificateKey(PublicKey Public)
{
    /// <exception cref="CryptographicException">It is none.</exception>
    public static CertificateKey Read(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return new CertificateKey(new PublicKey(rsa));
        }
        catch (CryptographicException)
        {
            using var ec = ECDsa.Create();
            ec.ImportFromPem(pem);
            return new CertificateKey(new PublicKey(ec));
        }
    }

    /// <summary>Whether it is of a type that a policy allows.</summary>
    public bool Fits(JsonObject type)
    {
        if (Public.GetRSAPublicKey() is { } rsa)
        {
            using (rsa)
            {
                return type["rsa"] is JsonObject sizes
                    && rsa.KeySize >= Size(sizes["minModulusSize"], 2048)
                    && rsa.KeySize <= Size(sizes["maxModulusSize"], int.MaxValue);
            }
        }

        using var ec = Public.GetECDsaPublicKey();
        var wanted = type["ellipticCurve"]?["signatureAlgorithm"]?.GetValue<string>();
        return type["ellipticCurve"] is not null && (wanted is null or "EC_SIGNATURE_ALGORITHM_UNSPECIFIED" || wanted == $"ECDSA_P{ec?.KeySize.ToString(CultureInfo.InvariantCulture)}");
    }

    private static int Size(JsonNode? text, int otherwise) =>
        int.TryParse(text?.ToString(), CultureInfo.InvariantCulture, out var size) && size > 0 ? size : otherwise;
}

/// <summary>Durations as the APIs write them: <c>86400s</c>.</summary>
internal static class Durations
{
    public static TimeSpan? Read(string? text) =>
        text is { Length: > 1 } && text[^1] == 's' && double.TryParse(text[..^1], CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e10
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
