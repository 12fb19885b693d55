using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>What a step's resources belong to: one cluster, or something that clusters share. In histories it is one text.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Name">The cluster as <c>P/L/C</c>, the project's id, or the relative name of a CA pool or a certificate template.</param>
[JsonConverter(typeof(StepScopeText))]
internal sealed record StepScope(ScopeKind Kind, string Name)
{
    private static readonly (ScopeKind Kind, string Prefix)[] Prefixes =
    [
        (ScopeKind.Cluster, "cluster/"),
        (ScopeKind.Project, "project/"),
        (ScopeKind.CaPool, "ca-pool/"),
        (ScopeKind.CaTemplate, "ca-template/"),
    ];

    public bool IsShared => Kind is not ScopeKind.Cluster;

    /// <exception cref="FormatException">It is none.</exception>
    public ClusterRef Cluster => Kind is ScopeKind.Cluster ? ClusterText.Parse(Name) : throw new FormatException($"'{this}' is no cluster.");

    public static StepScope Of(ClusterRef cluster) => new(ScopeKind.Cluster, cluster.ToString());

    public static StepScope Project(string id) => new(ScopeKind.Project, id);

    /// <exception cref="FormatException">The text names no scope.</exception>
    public static StepScope Parse(string text) =>
        Prefixes.FirstOrDefault(one => text.StartsWith(one.Prefix, StringComparison.Ordinal)) is { Prefix: { } prefix, Kind: var kind }
            ? new StepScope(kind, text[prefix.Length..])
            : throw new FormatException($"'{text}' names no scope.");

    /// <summary>The scope in ledger keys and epochs.</summary>
    public override string ToString() => Prefixes.First(one => one.Kind == Kind).Prefix + Name;
}

/// <summary>What kind of scope.</summary>
internal enum ScopeKind
{
    Cluster,
    Project,

    /// <summary>A pool of CA Service.</summary>
    CaPool,

    /// <summary>A certificate template of CA Service.</summary>
    CaTemplate,
}

/// <summary>How a scope is written: as one text.</summary>
internal sealed class StepScopeText : JsonConverter<StepScope>
{
    public override StepScope? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        StepScope.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, StepScope value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
