using System.Text.RegularExpressions;

namespace MeshWorkflow.GoogleCloud.PrivateCa;

/// <summary>The name of a pool of CA Service, or of a certificate template.</summary>
/// <param name="Project">The project's id.</param>
/// <param name="Location">Its region.</param>
/// <param name="Collection"><see cref="Pools"/> or <see cref="Templates"/>.</param>
/// <param name="Id">Its short name.</param>
public readonly partial record struct CaResourceName(string Project, string Location, string Collection, string Id)
{
    /// <summary>The collection of pools.</summary>
    public const string Pools = "caPools";

    /// <summary>The collection of certificate templates.</summary>
    public const string Templates = "certificateTemplates";

    private const string Service = "//privateca.googleapis.com/";

    /// <summary><c>projects/P/locations/L/caPools/N</c>.</summary>
    public string RelativeName => $"projects/{Project}/locations/{Location}/{Collection}/{Id}";

    /// <summary>The full resource name.</summary>
    public string ResourceName => Service + RelativeName;

    /// <summary>Whether it is a pool.</summary>
    public bool IsPool => Collection == Pools;

    /// <summary>Reads a relative name; letter case does not count in its fixed words.</summary>
    /// <param name="text">The name.</param>
    /// <returns>The name, or <see langword="null"/>: it is none.</returns>
    public static CaResourceName? TryParse(string? text) => Form().Match(text ?? "") is { Success: true } match
        ? new CaResourceName(
            match.Groups["project"].Value,
            match.Groups["location"].Value,
            string.Equals(match.Groups["collection"].Value, Pools, StringComparison.OrdinalIgnoreCase) ? Pools : Templates,
            match.Groups["id"].Value)
        : null;

    /// <summary>Reads a relative name.</summary>
    /// <param name="text">The name.</param>
    /// <returns>The name.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static CaResourceName Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"'{text}' names neither a pool of CA Service nor a certificate template.");

    /// <inheritdoc/>
    public override string ToString() => RelativeName;

    [GeneratedRegex(
        "^projects/(?<project>[^/]+)/locations/(?<location>[^/]+)/(?<collection>caPools|certificateTemplates)/(?<id>[^/:]+)\\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
