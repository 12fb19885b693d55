using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Asmcli;

/// <summary>The rollout request that asmcli's flags mean: one cluster, and the same as a file would say.</summary>
internal static partial class AsmcliRequest
{
    public const string DefaultVersion = "1.23.3-asm.2";

    private const int NameLength = 20;

    public static JsonObject Of(FlagValues flags)
    {
        var cluster = AsmcliCluster.Of(flags, new List<Mistake>());
        var spec = new JsonObject
        {
            ["fleet"] = new JsonObject { ["project"] = flags[Flags.Fleet] ?? cluster.Project },
            ["mesh"] = Fields(("version", flags[Flags.Version] ?? DefaultVersion), ("revision", flags[Flags.Revision])),
            ["certificateAuthority"] = Authority(flags),
            ["enable"] = new JsonObject(Flags.Enables.Where(enable => flags.IsOn(enable.Flag)).Select(enable =>
                KeyValuePair.Create(enable.Field, (JsonNode?)JsonValue.Create(true)))),
            ["clusters"] = new JsonArray(Cluster(flags, cluster)),
            ["options"] = Texts(flags.All(Flags.Option).Where(option => option != Flags.GoneOption)),
            ["overlays"] = Texts(flags.All(Flags.Overlay).Where(File.Exists).Select(Path.GetFullPath)),
            ["firewall"] = new JsonObject { ["manage"] = !flags.IsOn(Flags.SkipFirewall) },
            ["canonicalService"] = !flags.IsOn(Flags.NoCanonical),
        };
        if (flags[Flags.ServiceAccount] is { } account)
        {
            spec["identity"] = Fields(("member", $"serviceAccount:{account}"), ("keyFile", Whole(flags, Flags.KeyFile)));
        }

        if (flags.IsOn(Flags.OnlyEnable))
        {
            spec["onlyEnable"] = true;
        }

        // What was prepared before has both halves of the package in it.
        if (flags.IsOn(Flags.Offline) && flags[Flags.OutputDir] is { } folder)
        {
            spec["package"] = Fields(("release", Path.GetFullPath(folder)), ("configuration", Path.GetFullPath(folder)));
        }

        return new JsonObject
        {
            ["apiVersion"] = "meshworkflow.dev/v1",
            ["kind"] = "FleetInstall",
            ["metadata"] = new JsonObject { ["name"] = flags[Flags.RolloutName] ?? NameOf(cluster.Name ?? "") },
            ["spec"] = spec,
        };
    }

    private static JsonObject Authority(FlagValues flags)
    {
        var type = flags[Flags.Ca]?.ToLowerInvariant() ?? "mesh_ca";
        var authority = Fields(("type", type), ("caPool", type == "gcp_cas" ? flags[Flags.CaPool] : null));
        if (type == "gcp_cas" && flags.IsOn(Flags.EnableCaPolicy))
        {
            authority["enablePolicy"] = true;
        }

        if (flags.IsOn(Flags.AcceptDowntime))
        {
            authority["acceptDowntime"] = true;
        }

        if (type == "citadel")
        {
            authority["files"] = Fields(
                ("caCert", Whole(flags, Flags.CaCert)),
                ("caKey", Whole(flags, Flags.CaKey)),
                ("rootCert", Whole(flags, Flags.RootCert)),
                ("certChain", Whole(flags, Flags.CertChain)));
        }

        return authority;
    }

    private static JsonObject Cluster(FlagValues flags, AsmcliCluster cluster)
    {
        var item = cluster.Member is { } member ? Fields(("member", member))
            : cluster.IsElsewhere ? Fields(("platform", "multicloud"), ("name", cluster.Name))
            : Fields(("project", cluster.Project), ("location", cluster.Location), ("name", cluster.Name), ("membership", flags[Flags.Membership]));
        foreach (var (field, value) in new[] { ("kubeconfig", cluster.Kubeconfig), ("context", cluster.Context), ("networkId", flags[Flags.Network]), ("httpsProxy", AsmcliRules.ProxyOf(flags)) })
        {
            if (value is not null)
            {
                item[field] = value;
            }
        }

        // Google knows the issuers of its own clusters.
        if (cluster.IsElsewhere && flags.IsOn(Flags.PrivateIssuer))
        {
            item["privateIssuer"] = true;
        }

        return item;
    }

    private static string? Whole(FlagValues flags, AsmcliFlag flag) => flags[flag] is { } path ? Path.GetFullPath(path) : null;

    // A rollout's name is shorter than a cluster's may be, and does not end like a generation: prod-g1 becomes prodg1.
    private static string NameOf(string cluster)
    {
        var name = (cluster.Length <= NameLength ? cluster : cluster[..NameLength]).TrimEnd('-');
        return Generation().Replace(name, "$1");
    }

    [GeneratedRegex("-(g[0-9]+)$")]
    private static partial Regex Generation();

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static JsonObject Fields(params IEnumerable<(string Name, string? Value)> fields) => new(fields
        .Where(field => field.Value is not null)
        .Select(field => KeyValuePair.Create(field.Name, (JsonNode?)JsonValue.Create(field.Value))));
}
