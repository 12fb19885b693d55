namespace MeshWorkflow.Workflows.Requests;

/// <summary>Reads who signs the workloads' certificates.</summary>
internal static class AuthorityParser
{
    private static readonly string[] OfCaService = ["caPool", "template", "enablePolicy"];
    private static readonly string[] OfIstioCa = ["files", "folder", "root"];

    // Which are read, but not carried out yet.
    private static readonly AuthorityType[] NotYet = [AuthorityType.CaService, AuthorityType.IstioCa];

    public static AuthorityRequest Parse(RequestReader spec)
    {
        var reader = spec.Object("certificateAuthority");
        if (reader is null)
        {
            return new AuthorityRequest(AuthorityType.MeshCa);
        }

        var type = reader.RequiredChoice(
            "type", ("mesh_ca", AuthorityType.MeshCa), ("gcp_cas", AuthorityType.CaService), ("citadel", AuthorityType.IstioCa));
        OnlyOf(reader, type, AuthorityType.CaService, "gcp_cas", OfCaService);
        OnlyOf(reader, type, AuthorityType.IstioCa, "citadel", OfIstioCa);
        var caService = CaService(reader, type is AuthorityType.CaService);
        var istioCa = IstioCa(reader, type is AuthorityType.IstioCa);
        var found = new AuthorityRequest(type)
        {
            CaService = type is AuthorityType.CaService ? caService : null,
            IstioCa = type is AuthorityType.IstioCa ? istioCa : null,
            AcceptDowntime = reader.Flag("acceptDowntime", otherwise: false),
        };
        reader.Schema?.When("type", "gcp_cas", ["caPool"], []);
        if (NotYet.Contains(type))
        {
            reader.Wrong("type", "NOT_SUPPORTED_YET", "is not supported yet", "Use mesh_ca, or a release that carries it out.");
        }

        reader.NothingElse();
        return found;
    }

    private static void OnlyOf(RequestReader reader, AuthorityType type, AuthorityType owner, string word, IEnumerable<string> fields)
    {
        foreach (var field in fields.Where(field => type != owner && reader.Has(field)))
        {
            reader.Wrong(field, "NOT_TOGETHER", $"belongs to the type {word}", $"Leave it out, or use {word}.");
        }
    }

    // As asmcli has it, the template may follow the pool behind a colon.
    private static CaServiceRequest CaService(RequestReader reader, bool isWanted)
    {
        var pool = reader.Matching(
            "caPool",
            Formats.CaPool(),
            "names no pool",
            "Write projects/PROJECT/locations/REGION/caPools/POOL, if need be with :projects/PROJECT/locations/REGION/certificateTemplates/TEMPLATE.",
            isWanted) ?? "";
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
            behind[0], template ?? (behind.Length > 1 ? behind[1] : null), reader.Flag("enablePolicy", otherwise: false));
    }

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
