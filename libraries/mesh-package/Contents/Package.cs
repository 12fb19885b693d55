using System.Text.RegularExpressions;
using MeshWorkflow.MeshPackage.Archives;
using MeshWorkflow.Steps.Failures;
using MeshWorkflow.YamlText;

namespace MeshWorkflow.MeshPackage.Contents;

/// <summary>A mesh package: what lies where in it.</summary>
public sealed partial class Package
{
    private const string Ctl = "bin/istioctl";
    private const string Operator = "asm/istio/istio-operator.yaml";
    private const string Options = "asm/istio/options";

    private Package(MeshVersion version, string release, string configuration, IReadOnlyList<PackageSource> sources)
    {
        Version = version;
        Release = release;
        Configuration = configuration;
        Sources = sources;
    }

    /// <summary>Its version.</summary>
    public MeshVersion Version { get; }

    /// <summary>The release's folder: <c>bin</c>, <c>manifests</c>, <c>samples</c>.</summary>
    public string Release { get; }

    /// <summary>The configuration's folder: <c>asm</c>, <c>samples</c>.</summary>
    public string Configuration { get; }

    /// <summary>The digest of both.</summary>
    public string Digest => string.Join('+', Sources.Select(source => source.Sha256));

    /// <summary>Where its halves came from: the release, the configuration.</summary>
    public IReadOnlyList<PackageSource> Sources { get; }

    /// <summary>The archives that it came from, where they were asked for.</summary>
    public IReadOnlyList<string> Archives { get; private init; } = [];

    /// <summary>What its istioctl runs on: <see cref="PackagePlatform"/>.</summary>
    public string Platform => PackagePlatform.Of(Istioctl);

    /// <summary>The program that renders manifests.</summary>
    public string Istioctl => In(Release, Ctl);

    /// <summary>The operator that all options are laid over.</summary>
    public string OperatorFile => In(Configuration, Operator);

    /// <summary>The canonical-service controller's manifests.</summary>
    public string CanonicalServiceFile => In(Configuration, "asm/canonical-service/controller.yaml");

    internal string Kptfile => In(Configuration, "asm/Kptfile");

    /// <summary>Opens a package.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="release">The release's contents.</param>
    /// <param name="configuration">The configuration's contents.</param>
    /// <returns>The package.</returns>
    /// <exception cref="MeshException">Something is missing: <c>PACKAGE_INCOMPLETE</c>, with the names.</exception>
    public static Package Open(MeshVersion version, ArchiveContents release, ArchiveContents configuration)
    {
        ArgumentNullException.ThrowIfNull(release);
        ArgumentNullException.ThrowIfNull(configuration);
        var package = new Package(
            version,
            Root(release, $"istio-{version.Release}", Ctl),
            Root(configuration, "", Operator),
            [new PackageSource(release.Address, release.Digest), new PackageSource(configuration.Address, configuration.Digest)])
        {
            Archives = [.. new[] { release.Archive, configuration.Archive }.OfType<string>()],
        };
        CheckVersion(version, configuration);
        CheckRelease(version, package.Release, release.Address);
        Check(release.Address, package.Release, Ctl, "manifests", "samples");
        Check(configuration.Address, package.Configuration, Operator, Options, "asm/Kptfile", "asm/canonical-service/controller.yaml");
        return package;
    }

    /// <summary>The sample ingress gateway's manifests; those for old clusters, in sub-folders, are left out.</summary>
    /// <returns>The files.</returns>
    /// <exception cref="MeshException">The package has none: <c>PACKAGE_INCOMPLETE</c>.</exception>
    public IReadOnlyList<string> IngressGatewayFiles()
    {
        const string Sample = "samples/gateways/istio-ingressgateway";
        var folder = new[] { Configuration, Release }.Select(root => In(root, Sample)).FirstOrDefault(Directory.Exists)
            ?? throw Incomplete(Configuration, [Sample]);
        return [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)];
    }

    /// <summary>The file of an option.</summary>
    /// <param name="name">The option.</param>
    /// <returns>The file.</returns>
    /// <exception cref="MeshException">The package has no such option: <c>OPTION_UNKNOWN</c>.</exception>
    public string OptionFile(string name)
    {
        var file = In(Configuration, $"{Options}/{name}.yaml");
        return OptionName().IsMatch(name) && File.Exists(file)
            ? file
            : throw new MeshException(
                "OPTION_UNKNOWN",
                $"The package {Version.Configuration} has no option '{name}'.",
                $"{Meant(name)}It has: {string.Join(", ", OptionNames())}.");
    }

    /// <summary>Reads one of the package's YAML files, as far as it goes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="read">How its text is read.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="MeshException">It can't be read: <c>PACKAGE_CORRUPT</c>, with the place.</exception>
    internal T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            using var content = GivenFile.OpenRead(file);
            return read(BoundedYaml.ReadStream(content, YamlLimits.Manifests));
        }
        catch (FormatException exception)
        {
            throw new MeshException(
                "PACKAGE_CORRUPT",
                $"{Path.GetFileName(file)} of the mesh package {Version.Configuration} can't be read: {exception.Message}.",
                "Fetch the package again, or give a whole one.");
        }
    }

    private string Meant(string name) => NearestName.Of(name, OptionNames()) is { } near ? $"Did you mean '{near}'? " : "";

    /// <summary>The options that the package has.</summary>
    /// <returns>Their names, in order.</returns>
    public IReadOnlyList<string> OptionNames() =>
    [
        .. Directory.EnumerateFiles(In(Configuration, Options), "*.yaml")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal),
    ];

    // Archives have one folder of their own at the top; a folder that was prepared for offline use has both packages in it, and maybe
    // another version's release.
    private static string Root(ArchiveContents contents, string name, string landmark) =>
        new[] { In(contents.Folder, name), contents.Folder }
            .Concat(Directory.Exists(contents.Folder) ? Directory.EnumerateDirectories(contents.Folder).Order(StringComparer.Ordinal) : [])
            .FirstOrDefault(folder => File.Exists(In(folder, landmark)))
        ?? throw Incomplete(contents.Address, [landmark]);

    private static void Check(string address, string root, params string[] names)
    {
        var missing = names.Where(name => !Path.Exists(In(root, name))).ToList();
        if (missing.Count > 0)
        {
            throw Incomplete(address, missing);
        }
    }

    // A folder that was prepared says of which version it is; asmcli's own, too.
    private static void CheckVersion(MeshVersion version, ArchiveContents configuration)
    {
        var file = In(configuration.Folder, PackageOutput.VersionFile);
        var said = new[] { PackageManifest.Read(configuration.Folder)?.Version, File.Exists(file) ? File.ReadAllText(file).Trim() : null };
        if (said.FirstOrDefault(found => found is { Length: > 0 } && found != version.Configuration) is { } other)
        {
            throw Mismatch(configuration.Address, other, version.Configuration);
        }
    }

    // A release says so itself: a line of its manifest.yaml.
    private static void CheckRelease(MeshVersion version, string release, string address)
    {
        var file = In(release, "manifest.yaml");
        var said = File.Exists(file) ? File.ReadLines(file).Select(line => ReleaseVersion().Match(line)).FirstOrDefault(line => line.Success) : null;
        if (said?.Groups[1].Value is { } found && found != version.Release)
        {
            throw Mismatch(address, found, version.Release);
        }
    }

    private static MeshException Mismatch(string address, string found, string wanted) => new(
        "PACKAGE_VERSION_MISMATCH",
        $"{address} has the mesh package {found}, not {wanted}.",
        "Build the package of that version, or ask for the version that is there.");

    private static MeshException Incomplete(string address, IReadOnlyList<string> missing) => new(
        "PACKAGE_INCOMPLETE",
        $"The mesh package of {address} lacks {string.Join(", ", missing)}.",
        "Fetch it again, or give the folder or archive of a whole package.");

    private static string In(string root, string name) => Path.Combine(root, name.Replace('/', Path.DirectorySeparatorChar));

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]*$")]
    private static partial Regex OptionName();

    [GeneratedRegex("""^version:\s*"?(\d+\.\d+\.\d+-asm\.\d+)"?\s*$""")]
    private static partial Regex ReleaseVersion();
}
