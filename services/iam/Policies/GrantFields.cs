using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.Iam.Policies;

/// <summary>Grants as fields of a plan. A grant is there or it isn't; it has no other value.</summary>
internal static partial class GrantFields
{
    private static readonly Value There = Value.ForBool(true);

    public static string Resource(string project) => $"//cloudresourcemanager.googleapis.com/projects/{project}";

    public static string Path(Grant grant) => $"iamPolicy.bindings[\"{grant.Role}\"].members[\"{grant.Member}\"]";

    public static FieldChange Adding(Grant grant) => Plans.Field(Path(grant), before: null, There);

    public static FieldState StateIn(this FieldChange field, Policy policy) =>
        Undoing.Compare(field, policy.Has(GrantOf(field)) ? There : null);

    public static Grant GrantOf(FieldChange field) => PathPattern().Match(field.Path) is { Success: true } match
        ? new Grant(match.Groups["role"].Value, match.Groups["member"].Value)
        : throw new InvalidOperationException($"This step has no field '{field.Path}'.");

    [GeneratedRegex("^iamPolicy\\.bindings\\[\"(?<role>[^\"]+)\"\\]\\.members\\[\"(?<member>.+)\"\\]\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
