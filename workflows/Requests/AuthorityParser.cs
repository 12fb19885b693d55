namespace MeshWorkflow.Workflows.Requests;

/// <summary>Reads who signs the workloads' certificates.</summary>
internal static class AuthorityParser
{
    private static readonly (string Word, AuthorityType Meaning)[] Types =
        [("mesh_ca", AuthorityType.MeshCa), ("gcp_cas", AuthorityType.CaService), ("citadel", AuthorityType.IstioCa)];

    private static readonly string[] OfCaService = ["caPool", "template", "pools", "enablePolicy"];
    private static readonly string[] OfIstioCa = ["files", "folder", "root"];

    /// <summary>A type as requests write it.</summary>
    public static string Word(AuthorityType type) => Types.First(one => one.Meaning == type).Word;

    public static AuthorityRequest Parse(RequestReader spec)
    {
        var reader = spec.Object("certificateAuthority");
        if (reader is null)
        {
            return new AuthorityRequest(AuthorityType.MeshCa);
        }

        var type = reader.RequiredChoice("type", Types);
        OnlyOf(reader, type, AuthorityType.CaService, OfCaService);
        OnlyOf(reader, type, AuthorityType.IstioCa, OfIstioCa);
        var caService = CaService(reader, type is AuthorityType.CaService);
        var istioCa = IstioCa(reader, type is AuthorityType.IstioCa);
        var found = new AuthorityRequest(type)
        {
            CaService = type is AuthorityType.CaService ? caService : null,
            IstioCa = type is AuthorityType.IstioCa ? istioCa : null,
            AcceptDowntime = reader.Flag("acceptDowntime", otherwise: false),
        };
        reader.Schema?.WhenAny("type", Word(AuthorityType.CaService), "caPool", "pools");
        reader.NothingElse();
        return found;
    }

    private static void OnlyOf(RequestReader reader, AuthorityType type, AuthorityType owner, IEnumerable<string> fields)
    {
        foreach (var field in fields.Where(field => type != owner && reader.Has(field)))
        {
            reader.Wrong(field, "NOT_TOGETHER", $"belongs to the type {Word(owner)}", $"Leave it out, or use {Word(owner)}.");
        }
    }

    // One pool for all clusters, or a list with one for each region.
    private static CaServiceRequest CaService(RequestReader reader, bool isWanted)
    {
        var hasList = reader.Has("pools");
        var list = new List<CaServiceRequest>();
        foreach (var item in reader.Objects("pools", isRequired: false))
        {
            list.Add(Pool(item, isRequired: true));
            item.NothingElse();
        }

        var single = Pool(reader, isWanted && !hasList);
        if (hasList && (reader.Has("caPool") || reader.Has("template")))
        {
            reader.Wrong("pools", "NOT_TOGETHER", "excludes caPool and template", "Put them into the list.");
        }
        else if (hasList && list.Count == 0)
        {
            reader.Wrong("pools", "EMPTY", "has no pool", "Name one at least.");
        }

        foreach (var twice in list.Where(pool => pool.Pool.Length > 0).GroupBy(pool => pool.Location, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            reader.Wrong("pools", "DUPLICATE", $"has more than one pool in {twice.Key}", "Name one for each region.");
        }

        var isPolicyWritten = reader.Flag("enablePolicy", otherwise: false);
        return (list.FirstOrDefault() ?? single) with { EnablePolicy = isPolicyWritten, Others = [.. list.Skip(1)] };
    }

    // As asmcli has it, the template may follow the pool behind a colon.
    private static CaServiceRequest Pool(RequestReader reader, bool isRequired)
    {
        var pool = reader.Matching(
            "caPool",
            Formats.CaPool(),
            "names no pool",
            "Write projects/PROJECT/locations/REGION/caPools/POOL, if need be with :projects/PROJECT/locations/REGION/certificateTemplates/TEMPLATE.",
            isRequired) ?? "";
        var template = reader.Matching(
            "template",
            Formats.CertificateTemplate(),
            "names no certificate template",
            "Write projects/PROJECT/locations/REGION/certificateTemplates/TEMPLATE.",
            isRequired: false);
        var behind = pool.Split(':');
        if (behind.Length > 1 && template is not null && template != behind[1])
        {
            reader.Wrong("template", "NOT_TOGETHER", "differs from the one behind the pool", "Name it once.");
        }

        return new CaServiceRequest(
            Named(behind[0], "caPools"), (template ?? (behind.Length > 1 ? behind[1] : null)) is { } named ? Named(named, "certificateTemplates") : null, EnablePolicy: false);
    }

    // Letter case does not count in the fixed words, and Google writes them its own way.
    private static string Named(string name, string collection) => name.Split('/') is [_, var project, _, var location, _, var id]
        ? $"projects/{project}/locations/{location}/{collection}/{id}"
        : "";

    private static IstioCaRequest IstioCa(RequestReader reader, bool isWanted)
    {
        var files = reader.Object("files", isRequired: false);
        var root = reader.Object("root", isRequired: false);
        var found = new IstioCaRequest
        {
            Files = files is null
                ? null
                : new CaFiles(files.Path("caCert"), files.Path("caKey"), files.Path("rootCert"), files.Path("certChain")),
            Folder = reader.Has("folder") ? reader.Path("folder") : reader.Optional("folder"),
            Root = root is null ? null : new CaRoot(root.Path("cert"), root.Path("key")),
        };
        files?.NothingElse();
        root?.NothingElse();
        var ways = OfIstioCa.Count(reader.Has);
        if (isWanted && ways != 1)
        {
            reader.Wrong(
                ways == 0 ? "files" : OfIstioCa.Last(reader.Has),
                ways == 0 ? "REQUIRED" : "NOT_TOGETHER",
                ways == 0 ? "is required, or folder, or root" : "excludes the others of files, folder and root",
                "Say in one of the three ways where the keys are.");
        }

        return found;
    }

    // Of the machine that reads it, which is not the one that the request was written on: so it must say all.
    private static string Path(this RequestReader reader, string field)
    {
        var path = reader.Text(field);
        if (path is not null && !System.IO.Path.IsPathFullyQualified(path))
        {
            reader.Wrong(field, "WRONG_FORMAT", $"'{path}' is no whole path", "Begin at the root folder. meshwf makes paths whole that it sends.");
        }

        return path ?? "";
    }

    private static string? Optional(this RequestReader reader, string field) => reader.Text(field, isRequired: false);
}
