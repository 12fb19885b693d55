namespace MeshWorkflow.Workflows.Requests;

/// <summary>What of the options and overlays says who signs. It wins over the authority's own files, so it must not say something else.</summary>
internal static class AuthorityOptions
{
    /// <summary>The option for the new control plane of a migration from Istio CA to Mesh CA: it trusts what Istio CA has signed.</summary>
    public const string ToMeshCa = "ca-migration-meshca";

    private static readonly Dictionary<string, AuthorityType> Owners = new(StringComparer.Ordinal)
    {
        ["citadel-ca"] = AuthorityType.IstioCa,
        ["private-ca"] = AuthorityType.CaService,
        ["ca-migration-citadel"] = AuthorityType.IstioCa,
        [ToMeshCa] = AuthorityType.MeshCa,
    };

    public static void Check(RequestReader spec, AuthorityType type, IReadOnlyList<string> options, IReadOnlyList<FileText> overlays)
    {
        foreach (var (index, option) in options.Index())
        {
            if (option == "managed_cas")
            {
                spec.Wrong($"options[{index}]", "NOT_TOGETHER", $"'{option}' belongs to the managed control plane", "Leave it out; CA Service is certificateAuthority.type gcp_cas.");
            }
            else if (Owners.TryGetValue(option, out var owner) && owner != type)
            {
                spec.Wrong(
                    $"options[{index}]", "NOT_TOGETHER", $"'{option}' belongs to the type {AuthorityParser.Word(owner)}, and the request says {AuthorityParser.Word(type)}", $"Leave it out, or use {AuthorityParser.Word(owner)}.");
            }
        }

        foreach (var (index, overlay) in overlays.Index())
        {
            foreach (var provider in OverlayFormat.Authorities(overlay.Content).Where(provider => provider != Provider(type)).Distinct(StringComparer.Ordinal))
            {
                spec.Wrong(
                    $"overlays[{index}].content",
                    "NOT_TOGETHER",
                    $"sets CA_PROVIDER to '{provider}', and the request says {AuthorityParser.Word(type)}",
                    $"Leave it out: it comes with the authority, {Provider(type)} with {AuthorityParser.Word(type)}.");
            }
        }
    }

    // As proxies call it.
    private static string Provider(AuthorityType type) => type switch
    {
        AuthorityType.CaService => "GoogleCAS",
        AuthorityType.IstioCa => "Citadel",
        _ => "GoogleCA",
    };
}
