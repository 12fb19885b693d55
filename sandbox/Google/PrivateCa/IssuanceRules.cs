using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Sandbox.Google.PrivateCa.Expressions;

namespace MeshWorkflow.Sandbox.Google.PrivateCa;

/// <summary>What the policy of a pool, and a template, make of a wanted certificate.</summary>
internal static class IssuanceRules
{
    private const string Denied = "The certificate is not allowed by the issuance policy of the CA pool.";
    private const int MaxExpression = 2048;
    private static readonly string[] RequiredConstraints = ["allowSubjectPassthrough", "allowSubjectAltNamesPassthrough"];

    /// <summary>Refuses a policy, or a template, that can't be.</summary>
    /// <exception cref="GoogleFailure">It can't.</exception>
    public static void Check(JsonObject? policy, string field)
    {
        if (policy?["identityConstraints"] is not JsonObject constraints)
        {
            return;
        }

        foreach (var required in RequiredConstraints.Where(name => constraints[name] is null))
        {
            throw new GoogleFailure(GoogleErrors.Invalid($"{field}.identity_constraints", $"{required} is required."));
        }

        if (constraints["celExpression"]?["expression"]?.GetValue<string>() is { } expression)
        {
            try
            {
                Read(expression);
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException or OverflowException or RegexParseException)
            {
                throw new GoogleFailure(GoogleErrors.Invalid($"{field}.identity_constraints.cel_expression", $"Invalid CEL expression: {exception.Message}"));
            }
        }
    }

    /// <summary>Applies a policy, or a template: takes out what may not pass, adds what it prescribes.</summary>
    /// <exception cref="GoogleFailure">It does not allow the certificate.</exception>
    public static void Apply(JsonObject? policy, string valuesField, WantedCertificate wanted)
    {
        if (policy is null)
        {
            return;
        }

        if (policy["maximumLifetime"]?.GetValue<string>() is { } text && Durations.Read(text) is { } longest && wanted.Lifetime > longest)
        {
            throw Refuse("certificate.lifetime", $"the lifetime is longer than {text}");
        }

        Passthrough(policy["passthroughExtensions"] as JsonObject, wanted);
        Prescribe(policy[valuesField] as JsonObject, wanted);
        if (policy["identityConstraints"] is JsonObject constraints)
        {
            Constrain(constraints, wanted);
        }
    }

    /// <summary>Checks what a policy says of keys and of the form of requests.</summary>
    /// <exception cref="GoogleFailure">It does not allow the certificate.</exception>
    public static void CheckForm(JsonObject? policy, bool isRequest, CertificateKey key)
    {
        if (policy?["allowedIssuanceModes"] is JsonObject modes && modes[isRequest ? "allowCsrBasedIssuance" : "allowConfigBasedIssuance"]?.GetValue<bool>() != true)
        {
            throw Refuse(isRequest ? "certificate.pem_csr" : "certificate.config", "this issuance mode is not allowed");
        }

        if (policy?["allowedKeyTypes"] is JsonArray { Count: > 0 } types && !types.OfType<JsonObject>().Any(key.Fits))
        {
            throw Refuse("certificate.public_key", "the type of the key is not allowed");
        }
    }

    private static void Passthrough(JsonObject? allowed, WantedCertificate wanted)
    {
        if (allowed is null)
        {
            return;
        }

        var known = (allowed["knownExtensions"] as JsonArray ?? []).Select(each => each?.GetValue<string>()).ToHashSet();
        if (!known.Contains("BASE_KEY_USAGE"))
        {
            (wanted.Parameters["keyUsage"] as JsonObject)?.Remove("baseKeyUsage");
        }

        if (!known.Contains("EXTENDED_KEY_USAGE"))
        {
            (wanted.Parameters["keyUsage"] as JsonObject)?.Remove("extendedKeyUsage");
        }

        if (!known.Contains("CA_OPTIONS"))
        {
            wanted.Parameters.Remove("caOptions");
        }
    }

    // What is prescribed wins over what a signing request asks for; two prescriptions must not contradict each other.
    private static void Prescribe(JsonObject? values, WantedCertificate wanted)
    {
        foreach (var (path, value) in Leaves(values ?? [], ""))
        {
            if (wanted.Prescribed.TryGetValue(path, out var other) && !JsonNode.DeepEquals(other, value))
            {
                throw Refuse("certificate.config.x509_config", $"{path} contradicts what the CA pool or the template prescribes");
            }

            wanted.Prescribed[path] = value;
        }

        foreach (var group in wanted.Prescribed.Keys.Select(path => path[..path.LastIndexOf('.')]).Distinct().ToList())
        {
            var at = wanted.Parameters;
            foreach (var part in group.Split('.')[..^1])
            {
                at = at[part] as JsonObject ?? (JsonObject)(at[part] = new JsonObject());
            }

            at[group.Split('.')[^1]] = new JsonObject(wanted.Prescribed
                .Where(each => each.Key.StartsWith($"{group}.", StringComparison.Ordinal) && each.Key.LastIndexOf('.') == group.Length)
                .Select(each => KeyValuePair.Create(each.Key[(group.Length + 1)..], each.Value?.DeepClone())));
        }
    }

    private static void Constrain(JsonObject constraints, WantedCertificate wanted)
    {
        if (constraints["allowSubjectPassthrough"]?.GetValue<bool>() != true)
        {
            wanted.Subject = [];
        }

        if (constraints["allowSubjectAltNamesPassthrough"]?.GetValue<bool>() != true)
        {
            wanted.Names = [];
        }

        if (constraints["celExpression"]?["expression"]?.GetValue<string>() is { } expression && !Holds(expression, wanted))
        {
            throw Refuse(wanted.IsRequest ? "certificate.pem_csr" : "certificate.config", "identity constraint was not satisfied");
        }
    }

    private static bool Holds(string expression, WantedCertificate wanted)
    {
        try
        {
            return Read(expression).Holds(new Dictionary<string, object?>
            {
                ["subject"] = new Dictionary<string, object?>
                {
                    ["common_name"] = Text(wanted, "commonName"),
                    ["organization"] = Text(wanted, "organization"),
                    ["organizational_unit"] = Text(wanted, "organizationalUnit"),
                    ["country_code"] = Text(wanted, "countryCode"),
                    ["locality"] = Text(wanted, "locality"),
                    ["province"] = Text(wanted, "province"),
                },
                ["subject_alt_names"] = wanted.Names.ConvertAll<object?>(name => new Dictionary<string, object?> { ["type"] = name.Kind, ["value"] = name.Value }),
            });
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static CelExpression Read(string expression) => expression.Length > MaxExpression
        ? throw new FormatException($"it is longer than {MaxExpression} characters")
        : CelExpression.Read(expression, "subject", "subject_alt_names");

    private static string Text(WantedCertificate wanted, string field) => wanted.Subject[field]?.GetValue<string>() ?? "";

    // Values by their path; what stands at the top by itself prescribes nothing.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Leaves(JsonObject node, string path)
    {
        foreach (var (name, value) in node)
        {
            if (value is JsonObject inner)
            {
                foreach (var leaf in Leaves(inner, $"{path}{name}."))
                {
                    yield return leaf;
                }
            }
            else if (path.Length > 0)
            {
                yield return new($"{path}{name}", value);
            }
        }
    }

    private static GoogleFailure Refuse(string field, string description) =>
        new(GoogleErrors.Of("INVALID_ARGUMENT", Denied, GoogleErrors.BadFields((field, description))));
}
