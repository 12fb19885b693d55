using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Cli.Packages;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;
using Spectre.Console;
using Formats = MeshWorkflow.Workflows.Requests.Formats;
using Mistake = MeshWorkflow.Workflows.Requests.Mistake;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Prepares mesh packages for where nothing can be downloaded.</summary>
internal static class PackageCommands
{
    private const string HowVersionsLook = "Write it as 1.23.3-asm.2 or 1.23.3-asm.2+config1.";

    private static readonly AsmcliFlag[] OfBuild = [Flags.OutputDir, Flags.Verbose, Flags.Version, Flags.PackagePlatform];

    public static Command Make(IAnsiConsole console)
    {
        var package = new Command("package", "Prepares a mesh package for where nothing can be downloaded.");
        package.Add(Build(console));
        package.Add(Check(console));
        return package;
    }

    /// <summary>asmcli's name for it, with asmcli's flags.</summary>
    public static Command BuildOfflinePackage(IAnsiConsole console, IAnsiConsole errors, IReadOnlyList<string> tokens)
    {
        var state = ApiAccess.StateOption();
        var archive = ArchiveOption();
        var config = ConfigOption();
        var command = new Command("build-offline-package", "As 'package build', with asmcli's flags: -D FOLDER, -v; and --platform.") { state, archive, config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var flags = FlagValues.Read(tokens, Environment.GetEnvironmentVariable, OfBuild);
            List<Mistake> mistakes = [.. flags.Mistakes];
            if (flags[Flags.PackagePlatform] is { } other && !PackagePlatform.Known.Contains(other))
            {
                mistakes.Add(new Mistake(Flags.PackagePlatform.Long, "OUT_OF_RANGE", $"is '{Echo.Of(other)}'", $"There are packages for {Platforms}."));
            }

            if (flags[Flags.Version] is { } wrong && !Formats.MeshVersion().IsMatch(wrong))
            {
                mistakes.Add(new Mistake(Flags.Version.Long, "WRONG_FORMAT", $"is '{Echo.Of(wrong)}'", HowVersionsLook));
            }

            if (mistakes.Count > 0)
            {
                errors.Mistakes(mistakes);
                return ExitCodes.Mistakes;
            }

            var folder = flags[Flags.OutputDir] ?? Directory.CreateTempSubdirectory("meshwf-package-").FullName;
            var options = PackageSettings.Read(new StateFolder(parsed.GetRequiredValue(state)), parsed.GetValue(config));
            var version = MeshVersion.Parse(flags[Flags.Version] ?? AsmcliRequest.DefaultVersion);
            var request = new PackageRequest(version, Platform: flags[Flags.PackagePlatform]);
            return await BuildAsync(request, folder, parsed.GetValue(archive), options, console, cancellationToken);
        });
        return command;
    }

    private static Command Build(IAnsiConsole console)
    {
        var folder = new Argument<string>("folder") { Description = "Where to; made if it is missing." };
        var version = new Option<string>("--mesh-version")
        {
            Description = "Of which version.",
            DefaultValueFactory = _ => AsmcliRequest.DefaultVersion,
        };
        version.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var wrong }] && !Formats.MeshVersion().IsMatch(wrong))
            {
                result.AddError($"--mesh-version: '{Echo.Of(wrong)}' is no version of the mesh. {HowVersionsLook}");
            }
        });
        var platform = new Option<string?>("--platform") { Description = $"What istioctl is to run on: {Platforms}. Default: as here." };
        platform.AcceptOnlyFromAmong([.. PackagePlatform.Known]);
        var state = ApiAccess.StateOption();
        var archive = ArchiveOption();
        var config = ConfigOption();
        var command = new Command("build", "Downloads, checks and lays out a package: istioctl, manifests, options, samples, and the checksum of each file.")
        {
            folder, version, platform, state, archive, config,
        };
        command.SetAction((parsed, cancellationToken) => BuildAsync(
            new PackageRequest(MeshVersion.Parse(parsed.GetRequiredValue(version)), Platform: parsed.GetValue(platform)),
            parsed.GetRequiredValue(folder),
            parsed.GetValue(archive),
            PackageSettings.Read(new StateFolder(parsed.GetRequiredValue(state)), parsed.GetValue(config)),
            console,
            cancellationToken));
        return command;
    }

    private static Command Check(IAnsiConsole console)
    {
        var folder = new Argument<string>("folder") { Description = "The folder of the package." };
        var command = new Command("check", "Compares a package's files with its checksums, and says what is wrong.") { folder };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            var manifest = PackageManifest.Read(path) ?? throw new MeshException(
                "PACKAGE_INCOMPLETE", $"The package in {path} lacks {PackageManifest.FileName}.", "Build it with: meshwf package build.");
            manifest.Check(path);
            console.MarkupLineInterpolated($"{manifest.Version} for {manifest.Platform}: {manifest.Files.Count} files are as they must be.");
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static async Task<int> BuildAsync(
        PackageRequest request, string folder, string? archive, PackageOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var fetch = new PackageFetch(options, console);
        var package = await fetch.GetAsync(request with { KeepsArchives = true }, cancellationToken);
        await fetch.KeepAsync(package, folder, cancellationToken);
        PackageManifest.Read(folder)?.Check(folder);
        console.MarkupLineInterpolated($"The mesh package {package.Version.Configuration} for {package.Platform} is in {Path.GetFullPath(folder)}");
        if (archive is not null)
        {
            PackageArchive.Pack(folder, archive);
            console.MarkupLineInterpolated($"and packed in {Path.GetFullPath(archive)}");
        }

        console.MarkupLineInterpolated($"Install from it with: meshwf install --offline --output_dir {folder} …");
        return ExitCodes.Succeeded;
    }

    private static string Platforms => string.Join(" or ", PackagePlatform.Known);

    private static Option<string?> ArchiveOption() => new("--archive") { Description = "Pack it into this file (tar.gz), too." };

    private static Option<string?> ConfigOption() =>
        new("--config") { Description = "Settings (JSON): section MeshPackage. Default: those of the process that runs on the state folder." };
}
