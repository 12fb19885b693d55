using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>What stands in a certificate, between the API's form and X.509's.</summary>
internal static class X509Values
{
    private static readonly (string Field, X509KeyUsageFlags Flag)[] Usages =
    [
        ("digitalSignature", X509KeyUsageFlags.DigitalSignature), ("contentCommitment", X509KeyUsageFlags.NonRepudiation),
        ("keyEncipherment", X509KeyUsageFlags.KeyEncipherment), ("dataEncipherment", X509KeyUsageFlags.DataEncipherment),
        ("keyAgreement", X509KeyUsageFlags.KeyAgreement), ("certSign", X509KeyUsageFlags.KeyCertSign), ("crlSign", X509KeyUsageFlags.CrlSign),
        ("encipherOnly", X509KeyUsageFlags.EncipherOnly), ("decipherOnly", X509KeyUsageFlags.DecipherOnly),
    ];

    private static readonly (string Field, string Oid)[] ExtendedUsages =
    [
        ("serverAuth", "1.3.6.1.5.5.7.3.1"), ("clientAuth", "1.3.6.1.5.5.7.3.2"), ("codeSigning", "1.3.6.1.5.5.7.3.3"),
        ("emailProtection", "1.3.6.1.5.5.7.3.4"), ("timeStamping", "1.3.6.1.5.5.7.3.8"), ("ocspSigning", "1.3.6.1.5.5.7.3.9"),
    ];

    /// <summary>The extensions that some parameters ask for.</summary>
    public static IEnumerable<X509Extension> Extensions(JsonObject parameters)
    {
        var usage = parameters["keyUsage"]?["baseKeyUsage"];
        var flags = Usages.Where(each => usage?[each.Field]?.GetValue<bool>() == true).Aggregate(X509KeyUsageFlags.None, (all, each) => all | each.Flag);
        if (flags != X509KeyUsageFlags.None)
        {
            yield return new X509KeyUsageExtension(flags, critical: true);
        }

        var extended = parameters["keyUsage"]?["extendedKeyUsage"];
        var oids = ExtendedUsages.Where(each => extended?[each.Field]?.GetValue<bool>() == true).Select(each => each.Oid).ToList();
        if (oids.Count > 0)
        {
            yield return new X509EnhancedKeyUsageExtension([.. oids.Select(oid => new Oid(oid))], critical: false);
        }

        if (parameters["caOptions"] is JsonObject ca)
        {
            var isCa = ca["isCa"]?.GetValue<bool>() == true;
            var length = isCa ? ca["maxIssuerPathLength"]?.GetValue<int>() : null;
            yield return new X509BasicConstraintsExtension(isCa, length is not null, length ?? 0, critical: true);
        }
    }

    /// <summary>What the extensions of a signing request ask for, in the API's form.</summary>
    public static JsonObject Parameters(IEnumerable<X509Extension> extensions)
    {
        var parameters = new JsonObject();
        foreach (var extension in extensions)
        {
            switch (extension)
            {
                case X509KeyUsageExtension usage:
                    Inside(parameters, "keyUsage")["baseKeyUsage"] = Flags(Usages.Where(each => usage.KeyUsages.HasFlag(each.Flag)).Select(each => each.Field));
                    break;
                case X509EnhancedKeyUsageExtension usage:
                    Inside(parameters, "keyUsage")["extendedKeyUsage"] = Flags(ExtendedUsages
                        .Where(each => usage.EnhancedKeyUsages.OfType<Oid>().Any(oid => oid.Value == each.Oid)).Select(each => each.Field));
                    break;
                case X509BasicConstraintsExtension constraints:
                    parameters["caOptions"] = new JsonObject { ["isCa"] = constraints.CertificateAuthority };
                    break;
            }
        }

        return parameters;
    }

    public static X500DistinguishedName Subject(JsonObject? subject)
    {
        var name = new X500DistinguishedNameBuilder();
        Add(subject?["countryCode"], name.AddCountryOrRegion);
        Add(subject?["province"], value => name.AddStateOrProvinceName(value));
        Add(subject?["locality"], value => name.AddLocalityName(value));
        Add(subject?["organization"], value => name.AddOrganizationName(value));
        Add(subject?["organizationalUnit"], value => name.AddOrganizationalUnitName(value));
        Add(subject?["commonName"], value => name.AddCommonName(value));
        return name.Build();
    }

    private static void Add(JsonNode? value, Action<string> add)
    {
        if (value?.GetValue<string>() is { Length: > 0 } text)
        {
            add(text);
        }
    }

    private static JsonObject Inside(JsonObject parent, string field)
    {
        if (parent[field] is not JsonObject inner)
        {
            parent[field] = inner = [];
        }

        return inner;
    }

    private static JsonObject Flags(IEnumerable<string> names) => new(names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, true)));
}
