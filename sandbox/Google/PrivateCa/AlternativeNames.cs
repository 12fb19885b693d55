using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>A subject alternative name.</summary>
/// <param name="Kind">DNS, URI, EMAIL or IP_ADDRESS.</param>
/// <param name="Value">The name.</param>
internal sealed record AlternativeName(string Kind, string Value)
{
    private const string Oid = "2.5.29.17";

    /// <summary>Those of a signing request.</summary>
    public static List<AlternativeName> Of(IEnumerable<X509Extension> extensions)
    {
        var names = new List<AlternativeName>();
        if (extensions.FirstOrDefault(extension => extension.Oid?.Value == Oid) is not { } found)
        {
            return names;
        }

        var reader = new AsnReader(found.RawData, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            switch (tag.TagValue)
            {
                case 1:
                    names.Add(new AlternativeName("EMAIL", reader.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                    break;
                case 2:
                    names.Add(new AlternativeName("DNS", reader.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                    break;
                case 6:
                    names.Add(new AlternativeName("URI", reader.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                    break;
                case 7:
                    names.Add(new AlternativeName("IP_ADDRESS", new IPAddress(reader.ReadOctetString(tag)).ToString()));
                    break;
                default:
                    reader.ReadEncodedValue();
                    names.Add(new AlternativeName("CUSTOM", ""));
                    break;
            }
        }

        return names;
    }

    /// <summary>Those of a configuration.</summary>
    public static List<AlternativeName> Of(JsonNode? names) =>
    [
        .. Each(names?["dnsNames"], "DNS"), .. Each(names?["uris"], "URI"), .. Each(names?["emailAddresses"], "EMAIL"), .. Each(names?["ipAddresses"], "IP_ADDRESS"),
    ];

    /// <summary>The extension that tells them; null: there are none.</summary>
    public static X509Extension? Extension(IReadOnlyList<AlternativeName> names)
    {
        if (names.Count == 0)
        {
            return null;
        }

        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            switch (name.Kind)
            {
                case "DNS":
                    builder.AddDnsName(name.Value);
                    break;
                case "URI":
                    builder.AddUri(new Uri(name.Value));
                    break;
                case "EMAIL":
                    builder.AddEmailAddress(name.Value);
                    break;
                case "IP_ADDRESS":
                    builder.AddIpAddress(IPAddress.Parse(name.Value));
                    break;
                default:
                    throw new GoogleFailure(GoogleErrors.Invalid("certificate.pem_csr", "The request has a subject alternative name of an unsupported kind."));
            }
        }

        return builder.Build();
    }

    private static IEnumerable<AlternativeName> Each(JsonNode? values, string kind) =>
        (values as JsonArray ?? []).Select(value => new AlternativeName(kind, value?.GetValue<string>() ?? ""));
}
