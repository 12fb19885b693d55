using System.Text.Json;
using System.Text.Json.Serialization;
using MeshWorkflow.Workflows.Requests;

namespace MeshWorkflow.Workflows.Steps;

/// <summary>What a step's resources belong to: one cluster, or a project that clusters share. In histories it is one text.</summary>
/// <param name="Kind">Which of both.</param>
/// <param name="Name">The cluster as <c>P/L/C</c>, or the project's id.</param>
[JsonConverter(typeof(StepScopeText))]
internal sealed record StepScope(ScopeKind Kind, string Name)
{
    private const string ClusterPrefix = "cluster/";
    private const string ProjectPrefix = "project/";

    public bool IsShared => Kind is not ScopeKind.Cluster;

    /// <exception cref="FormatException">It is none.</exception>
    public ClusterRef Cluster => Kind is ScopeKind.Cluster ? ClusterText.Parse(Name) : throw new FormatException($"'{this}' is no cluster.");

    public static StepScope Of(ClusterRef cluster) => new(ScopeKind.Cluster, cluster.ToString());

    public static StepScope Project(string id) => new(ScopeKind.Project, id);

    /// <exception cref="FormatException">The text names no scope.</exception>
    public static StepScope Parse(string text) => text switch
    {
        _ when text.StartsWith(ClusterPrefix, StringComparison.Ordinal) => new StepScope(ScopeKind.Cluster, text[ClusterPrefix.Length..]),
        _ when text.StartsWith(ProjectPrefix, StringComparison.Ordinal) => new StepScope(ScopeKind.Project, text[ProjectPrefix.Length..]),
        _ => throw new FormatException($"'{text}' names no scope."),
    };

    /// <summary>The scope in ledger keys and epochs.</summary>
    public override string ToString() => (Kind is ScopeKind.Cluster ? ClusterPrefix : ProjectPrefix) + Name;
}

/// <summary>What kind of scope.</summary>
internal enum ScopeKind
{
    Cluster,
    Project,
}

/// <summary>How a scope is written: as one text.</summary>
internal sealed class StepScopeText : JsonConverter<StepScope>
{
    public override StepScope? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        StepScope.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, StepScope value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
