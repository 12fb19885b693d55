using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Newtonsoft.Json.Linq;

namespace MeshWorkflow.Certificates.CaService;

/// <summary>Issuance policies of pools: the guide's, and what others mean for workloads' certificates.</summary>
internal static class IssuancePolicies
{
    // Those that are false when they are left out; of others that would mean something else.
    private static readonly string[] FalseWhenAbsent = ["baseKeyUsage", "extendedKeyUsage"];

    /// <summary>The policy of the installation guide: certificates for workloads of the fleet and nothing else.</summary>
    public static JObject ForFleet(string fleetProject) => new()
    {
        ["baselineValues"] = new JObject
        {
            ["keyUsage"] = new JObject
            {
                ["baseKeyUsage"] = new JObject { ["digitalSignature"] = true, ["keyEncipherment"] = true },
                ["extendedKeyUsage"] = new JObject { ["serverAuth"] = true, ["clientAuth"] = true },
            },
            ["caOptions"] = new JObject { ["isCa"] = false },
        },
        ["identityConstraints"] = new JObject
        {
            ["allowSubjectPassthrough"] = false,
            ["allowSubjectAltNamesPassthrough"] = true,
            ["celExpression"] = new JObject
            {
                ["expression"] = $"subject_alt_names.all(san, san.type == URI && san.value.startsWith(\"spiffe://{fleetProject}.svc.id.goog/ns/\") )",
            },
        },
    };

    /// <summary>Whether two policies mean the same.</summary>
    public static bool AreSame(JToken? one, JToken? other) => JToken.DeepEquals(Plain(one), Plain(other));

    public static Value? ToValue(JToken? policy) => Plain(policy) is null ? null : Value.Parser.ParseJson(policy!.ToString(Newtonsoft.Json.Formatting.None));

    public static JObject? OfValue(Value? value) => value is null ? null : JObject.Parse(JsonFormatter.Default.Format(value));

    /// <summary>What another policy has, and the guide's would take away.</summary>
    public static IReadOnlyList<string> LostWith(JObject found, JObject wanted) =>
        [.. Leaves(found).Where(leaf => !JToken.DeepEquals(wanted.SelectToken(leaf.Path), leaf)).Select(leaf => leaf.Path).Order(StringComparer.Ordinal)];

    /// <summary>Why workloads would get no certificate, or one that is of no use; empty: nothing says so.</summary>
    public static IEnumerable<string> Hindrances(JObject policy)
    {
        if (policy.SelectToken("identityConstraints.allowSubjectAltNamesPassthrough")?.Value<bool>() is false)
        {
            yield return "it takes the workloads' names out of their certificates (allowSubjectAltNamesPassthrough is false)";
        }

        if (policy.SelectToken("baselineValues.caOptions.isCa")?.Value<bool>() is true)
        {
            yield return "it makes every certificate one of an authority (isCa is true)";
        }

        if (policy.SelectToken("allowedIssuanceModes.allowCsrBasedIssuance") is { } csr ? !csr.Value<bool>() : policy["allowedIssuanceModes"] is not null)
        {
            yield return "it takes no signing requests (allowCsrBasedIssuance is not true)";
        }

        foreach (var usage in (string[])["serverAuth", "clientAuth"])
        {
            if (policy.SelectToken("baselineValues.keyUsage.extendedKeyUsage") is JObject extended && extended[usage]?.Value<bool>() is not true)
            {
                yield return $"its certificates lack the extended key usage {usage}";
            }
        }
    }

    /// <summary>Where a pool's baseline and a template's values contradict each other: nothing is issued then.</summary>
    public static IReadOnlyList<string> Contradictions(JToken? baseline, JToken? predefined)
    {
        var (pool, template) = (Plain(baseline), Plain(predefined));
        return pool is null || template is null
            ? []
            : [.. Leaves(template)
                .Where(leaf => pool.SelectToken(leaf.Path) is { } other && !JToken.DeepEquals(other, leaf))
                .Select(leaf => leaf.Path)
                .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<JToken> Leaves(JToken token) => token is JContainer { HasValues: true } container
        ? container.Children().SelectMany(Leaves)
        : token is JValue ? [token] : [];

    // Without what says nothing: empty objects, and usages that are false. A detached copy, whose paths begin at it.
    private static JToken? Plain(JToken? token)
    {
        if (token is not JObject found)
        {
            return token?.Type is JTokenType.Null ? null : token?.DeepClone();
        }

        var plain = new JObject();
        foreach (var (name, value) in found)
        {
            if (Plain(value) is not { } kept || (kept is JContainer { HasValues: false }))
            {
                continue;
            }

            if (FalseWhenAbsent.Contains(name) && kept is JObject usages)
            {
                foreach (var no in usages.Properties().Where(usage => usage.Value.Type is JTokenType.Boolean && !usage.Value.Value<bool>()).ToList())
                {
                    no.Remove();
                }
            }

            if (kept is not JContainer { HasValues: false })
            {
                plain[name] = kept;
            }
        }

        return plain.HasValues ? plain : null;
    }
}
