using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeshWorkflow.Workflows.Requests;

/// <summary>How names look.</summary>
internal static partial class Formats
{
    private const string CaPoolName = "projects/[-a-z0-9_]+/locations/[-a-z0-9_]+/caPools/[-a-z0-9_]+";
    private const string TemplateName = "projects/[-a-z0-9_]+/locations/[-a-z0-9_]+/certificateTemplates/[-a-z0-9_]+";

    /// <summary>A text of a certain format; what is not is a mistake.</summary>
    public static string? Matching(this RequestReader reader, string field, Regex format, string message, string remedy, bool isRequired = true)
    {
        var text = reader.Text(field, isRequired);
        reader.Schema?.Describe(field, one => Describe(one, format, remedy));
        if (text is not null && !format.IsMatch(text))
        {
            reader.Wrong(field, "WRONG_FORMAT", $"'{text}' {message}", remedy);
        }

        return text;
    }

    /// <summary>Texts of a certain format, each once.</summary>
    public static IReadOnlyList<string> AllMatching(this RequestReader reader, string field, Regex format, string message, string remedy)
    {
        var texts = reader.Texts(field);
        reader.Schema?.Describe(field, one =>
        {
            one["uniqueItems"] = true;
            Describe((JsonObject?)one["items"] ?? [], format, remedy);
        });
        foreach (var wrong in texts.Where(text => !format.IsMatch(text)))
        {
            reader.Wrong(field, "WRONG_FORMAT", $"'{wrong}' {message}", remedy);
        }

        foreach (var twice in texts.GroupBy(text => text, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            reader.Wrong(field, "DUPLICATE", $"'{twice.Key}' is in the list twice", "Name each once.");
        }

        return texts;
    }

    private static void Describe(JsonObject schema, Regex format, string remedy)
    {
        schema["pattern"] = SchemaPattern.Of(format);
        schema["description"] = remedy;
    }

    public static string? Project(this RequestReader reader, string field) => reader.Matching(
        field, ProjectId(), "is no project id", "Use the project's id, not its name or number: 6 to 30 lower-case letters, digits and hyphens.");

    public static string? Namespace(this RequestReader reader, string field) =>
        reader.Matching(field, DnsLabel(), "can't name a namespace", "Use 1 to 63 lower-case letters, digits and hyphens.");

    // What ends like a generation would be taken for one: prod-g1 is the first of prod.
    [GeneratedRegex("^(?!.*-g[0-9]+$)[a-z0-9]([-a-z0-9]{0,18}[a-z0-9])?\\z")]
    public static partial Regex RolloutName();

    // Projects of old domains carry the domain in front.
    [GeneratedRegex("^([a-z0-9][-a-z0-9.]{1,60}:)?[a-z][-a-z0-9]{4,28}[a-z0-9]\\z")]
    public static partial Regex ProjectId();

    [GeneratedRegex("^[a-z]+-[a-z]+[0-9]+(-[a-z])?\\z")]
    public static partial Regex Location();

    [GeneratedRegex("^[a-z]([-a-z0-9]{0,38}[a-z0-9])?\\z")]
    public static partial Regex ClusterName();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\z")]
    public static partial Regex DnsLabel();

    [GeneratedRegex("^(user|serviceAccount|group):[^@\\s:]{1,100}@[a-z0-9][-a-z0-9.]{0,200}\\z")]
    public static partial Regex Member();

    [GeneratedRegex("^[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}-asm\\.[0-9]{1,3}(\\+config[0-9]{1,3})?\\z")]
    public static partial Regex MeshVersion();

    [GeneratedRegex("^projects/[^/\\s]+/locations/[-a-z0-9]+/memberships/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\z")]
    public static partial Regex Membership();

    [GeneratedRegex("^[a-z0-9][-a-z0-9_]{0,62}\\z")]
    public static partial Regex OptionName();

    // What a label's value may be: networks are written as one.
    [GeneratedRegex("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\\z")]
    public static partial Regex LabelValue();

    // As asmcli reads it.
    [GeneratedRegex("^" + CaPoolName + "(:" + TemplateName + ")?\\z", RegexOptions.IgnoreCase)]
    public static partial Regex CaPool();

    [GeneratedRegex("^" + TemplateName + "\\z", RegexOptions.IgnoreCase)]
    public static partial Regex CertificateTemplate();

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    public static partial Regex Sha256();

    [GeneratedRegex("^[0-9]{1,4}%?\\z")]
    public static partial Regex Budget();
}
