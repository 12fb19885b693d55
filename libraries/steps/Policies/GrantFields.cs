using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using MeshWorkflow.GoogleCloud.Iam;
using MeshWorkflow.Protos.Steps.V1;
using MeshWorkflow.Steps.Changes;

namespace MeshWorkflow.Steps.Policies;

/// <summary>Grants as fields of a plan. A grant is there or it isn't; it has no other value.</summary>
public static partial class GrantFields
{
    private static readonly Value There = Value.ForBool(true);

    /// <summary>The path of a grant in its resource.</summary>
    /// <param name="grant">The grant.</param>
    /// <returns>The path.</returns>
    public static string Path(Grant grant) => $"iamPolicy.bindings[\"{grant.Role}\"].members[\"{grant.Member}\"]";

    /// <summary>The grant that a planned field stands for.</summary>
    /// <param name="field">The field.</param>
    /// <returns>The grant.</returns>
    public static Grant GrantOf(FieldChange field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return PathPattern().Match(field.Path) is { Success: true } match
            ? new Grant(match.Groups["role"].Value, match.Groups["member"].Value)
            : throw new InvalidOperationException($"This step has no field '{field.Path}'.");
    }

    internal static FieldChange Adding(Grant grant) => Plans.Field(Path(grant), before: null, There);

    internal static FieldState StateIn(this FieldChange field, Policy policy) =>
        Undoing.Compare(field, policy.Has(GrantOf(field)) ? There : null);

    [GeneratedRegex("^iamPolicy\\.bindings\\[\"(?<role>[^\"]+)\"\\]\\.members\\[\"(?<member>.+)\"\\]\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
