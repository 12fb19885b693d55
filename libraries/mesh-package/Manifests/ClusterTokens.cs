using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>
/// Stands unique tokens in for the values of a cluster, so that what is rendered once can be filled in for each. A value that YAML
/// might read as something else than text, and one that would be confused with another, is not replaced: it is rendered as it is.
/// </summary>
internal sealed partial class ClusterTokens
{
    private readonly List<(string Token, Func<MeshCluster, string> Value)> _tokens = [];

    private ClusterTokens(MeshCluster rendered) => Rendered = rendered;

    /// <summary>The cluster that is rendered: tokens, and the values that can't be.</summary>
    public MeshCluster Rendered { get; private set; }

    /// <summary>Stands tokens in for a cluster's values.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="seed">Makes the tokens unique: hexadecimal digits.</param>
    public static ClusterTokens For(MeshCluster cluster, string seed)
    {
        var tokens = new ClusterTokens(cluster);
        string Stand(string name, Func<MeshCluster, string> value)
        {
            // A project's number is only ever part of a longer text.
            if (name != "number" && (!IsPlainText().IsMatch(value(cluster)) || YamlWords().IsMatch(value(cluster))))
            {
                return value(cluster);
            }

            var token = $"mw{seed}{name}";
            tokens._tokens.Add((token, value));
            return token;
        }

        tokens.Rendered = new MeshCluster(
            Stand("project", one => one.Project),
            Stand("number", one => one.ProjectNumber),
            Stand("location", one => one.Location),
            Stand("cluster", one => one.Name),
            Stand("network", one => one.Network),
            Stand("issuer", one => one.IdentityProvider))
        {
            KnownAliases = cluster.KnownAliases,
            IsElsewhere = cluster.IsElsewhere,
        };
        return tokens;
    }

    public bool AreIn(string text) => _tokens.Exists(token => text.Contains(token.Token, StringComparison.Ordinal));

    /// <summary>Fills a text in.</summary>
    public string Fill(string text, MeshCluster cluster) => _tokens.Aggregate(
        text, (filled, token) => filled.Replace(token.Token, token.Value(cluster), StringComparison.Ordinal));

    /// <summary>Fills every text of an object in.</summary>
    public JsonNode? Fill(JsonNode? node, MeshCluster cluster) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field =>
            KeyValuePair.Create(Fill(field.Key, cluster), Fill(field.Value, cluster)))),
        JsonArray items => new JsonArray([.. items.Select(item => Fill(item, cluster))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Fill(text, cluster)),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9._/-]|:(?=/))*$")]
    private static partial Regex IsPlainText();

    [GeneratedRegex("^(?:true|false|yes|no|on|off|y|n|null|[0-9][0-9._exoa-f:-]*)$", RegexOptions.IgnoreCase)]
    private static partial Regex YamlWords();
}
