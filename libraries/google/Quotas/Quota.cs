using MeshWorkflow.GoogleCloud.Requests;

namespace MeshWorkflow.GoogleCloud.Quotas;

/// <summary>What Google counts together: calls of one kind to one API on behalf of one project.</summary>
/// <param name="Api">The API's short name.</param>
/// <param name="Kind">Reads, writes, or looks at operations.</param>
/// <param name="Project">The project, as the path names it; empty: none.</param>
internal readonly record struct Quota(string Api, QuotaKind Kind, string Project)
{
    /// <summary>How many calls a minute Google allows; null: not published, and 429 says so when it is too many.</summary>
    public int? PerMinute => (Api, Kind) switch
    {
        ("compute", _) => 1_500,
        ("cloudresourcemanager", QuotaKind.Write) => 600,
        _ => null,
    };

    public static Quota Of(string api, ApiCall call) => new(api, KindOf(api, call), ProjectOf(call.Path));

    private static QuotaKind KindOf(string api, ApiCall call) => call switch
    {
        { IsRead: true } when api == "compute" && call.Path.Contains("/operations/", StringComparison.Ordinal) => QuotaKind.Operation,
        { IsRead: true } => QuotaKind.Read,
        _ => QuotaKind.Write,
    };

    private static string ProjectOf(string path)
    {
        const string Mark = "projects/";
        var start = path.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        var rest = path.AsSpan(start + Mark.Length);
        var end = rest.IndexOfAny("/:?");
        return (end < 0 ? rest : rest[..end]).ToString();
    }
}

/// <summary>What kind of calls a quota counts.</summary>
internal enum QuotaKind
{
    Read,
    Write,
    Operation,
}
