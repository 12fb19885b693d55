using System.CommandLine;
using System.Text.Json.Nodes;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Cli.Commands;

/// <summary>
/// The flags of asmcli's <c>install</c> for one GKE cluster. They build the same request as a file does. Each has its name with hyphens,
/// too.
/// </summary>
internal sealed class AsmcliFlags
{
    private const string DefaultVersion = "1.23.3-asm.2";

    private static readonly (string Flag, string Field)[] Enables =
    [
        ("enable_all", "all"),
        ("enable_gcp_iam_roles", "iamRoles"),
        ("enable_gcp_apis", "apis"),
        ("enable_gcp_components", "components"),
        ("enable_meshconfig_init", "meshConfig"),
        ("enable_cluster_roles", "clusterRoles"),
        ("enable_cluster_labels", "clusterLabels"),
        ("enable_namespace_creation", "namespace"),
        ("enable_registration", "registration"),
    ];

    private readonly Option<string?> _project = Text("project_id", "The cluster's project.", "-p");
    private readonly Option<string?> _cluster = Text("cluster_name", "The cluster's name.", "-n");
    private readonly Option<string?> _location = Text("cluster_location", "The cluster's zone or region.", "-l");
    private readonly Option<string?> _fleet = Text("fleet_id", "The fleet's project. Default: the cluster's.");
    private readonly Option<string?> _ca = Text("ca", "The certificate authority: mesh_ca.", "-c");
    private readonly Option<string?> _revision = Text("revision_name", "The revision. Default: from the version.", "-r");
    private readonly Option<string?> _member = Text("service_account", "Who gets the roles. Default: the services' own account.", "-s");
    private readonly Option<string?> _version = Text("version", "The mesh's version. Default: " + DefaultVersion + ".");
    private readonly Option<string?> _name = Text("name", "The rollout's name. Default: from the cluster's.");
    private readonly Option<string[]> _options = new("--option", "-o") { Description = "An option of the mesh package; can be repeated, later ones win." };
    private readonly Option<string[]> _overlays = Repeated("custom_overlay", "A file with an IstioOperator; can be repeated, later ones win.");
    private readonly Option<bool> _skipFirewall = Flag("skip_firewall", "Leave the firewall of private clusters, and say which rule they need.");
    private readonly Option<bool> _noCanonical = Flag("disable_canonical_service", "Leave the canonical service controller out.");
    private readonly IReadOnlyList<(Option<bool> Option, string Field)> _enables =
        [.. Enables.Select(enable => (Flag(enable.Flag, $"Allow what asmcli's --{enable.Flag} does (spec.enable.{enable.Field})."), enable.Field))];

    private IEnumerable<Option> All =>
    [
        _project, _cluster, _location, _fleet, _ca, _revision, _member, _version, _name, _options, _overlays, _skipFirewall, _noCanonical,
        .. _enables.Select(enable => enable.Option),
    ];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>What the flags lack, or have too much of.</summary>
    public IReadOnlyList<Mistake> Mistakes(ParseResult parsed, bool hasFile)
    {
        if (hasFile)
        {
            return
            [
                .. All.Where(option => parsed.GetResult(option) is { Implicit: false })
                    .Select(option => new Mistake(option.Name, "NOT_TOGETHER", "and --file exclude each other", "Say it in the file.")),
            ];
        }

        return
        [
            .. new[] { _project, _cluster, _location, _ca }
                .Where(option => string.IsNullOrEmpty(parsed.GetValue(option)))
                .Select(option => new Mistake(option.Name, "REQUIRED", "is required", "Give it a value, or send a request with --file.")),
        ];
    }

    /// <summary>The request that the flags mean.</summary>
    public string Request(ParseResult parsed)
    {
        var project = parsed.GetValue(_project) ?? "";
        var cluster = parsed.GetValue(_cluster) ?? "";
        var spec = new JsonObject
        {
            ["fleet"] = new JsonObject { ["project"] = parsed.GetValue(_fleet) ?? project },
            ["mesh"] = With(new JsonObject { ["version"] = parsed.GetValue(_version) ?? DefaultVersion }, "revision", parsed.GetValue(_revision)),
            ["certificateAuthority"] = new JsonObject { ["type"] = parsed.GetValue(_ca) },
            ["enable"] = new JsonObject(_enables.Where(enable => parsed.GetValue(enable.Option)).Select(enable =>
                KeyValuePair.Create(enable.Field, (JsonNode?)JsonValue.Create(true)))),
            ["clusters"] = new JsonArray(new JsonObject { ["project"] = project, ["location"] = parsed.GetValue(_location), ["name"] = cluster }),
            ["options"] = Texts(parsed.GetValue(_options)),
            ["overlays"] = Texts(parsed.GetValue(_overlays)),
            ["firewall"] = new JsonObject { ["manage"] = !parsed.GetValue(_skipFirewall) },
            ["canonicalService"] = !parsed.GetValue(_noCanonical),
        };
        if (parsed.GetValue(_member) is { } member)
        {
            var isKind = member.Contains(':', StringComparison.Ordinal);
            spec["identity"] = new JsonObject { ["member"] = isKind ? member : $"serviceAccount:{member}" };
        }

        return new JsonObject
        {
            ["apiVersion"] = "meshworkflow.dev/v1",
            ["kind"] = "FleetInstall",
            ["metadata"] = new JsonObject { ["name"] = parsed.GetValue(_name) ?? NameOf(cluster) },
            ["spec"] = spec,
        }.ToJsonString();
    }

    // A rollout's name is shorter than a cluster's may be.
    private static string NameOf(string cluster) => (cluster.Length <= 20 ? cluster : cluster[..20]).TrimEnd('-');

    private static JsonArray Texts(string[]? texts) => [.. (texts ?? []).Select(text => JsonValue.Create(text))];

    private static JsonObject With(JsonObject node, string field, string? value)
    {
        if (value is not null)
        {
            node[field] = value;
        }

        return node;
    }

    private static Option<string?> Text(string name, string description, params string[] more) =>
        new($"--{name}", [.. Aliases(name), .. more]) { Description = description };

    private static Option<string[]> Repeated(string name, string description) => new($"--{name}", Aliases(name)) { Description = description };

    private static Option<bool> Flag(string name, string description) => new($"--{name}", Aliases(name)) { Description = description };

    private static string[] Aliases(string name) =>
        name.Contains('_', StringComparison.Ordinal) ? [$"--{name.Replace('_', '-')}"] : [];
}
