using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Cli.Packages;
using MeshWorkflow.MeshPackage;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Steps.Failures;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Prepares mesh packages for where nothing can be downloaded.</summary>
internal static class PackageCommands
{
    private static readonly AsmcliFlag[] OfBuild = [Flags.OutputDir, Flags.Verbose, Flags.Version];

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
        var command = new Command("build-offline-package", "As 'package build', with asmcli's flags: -D FOLDER, -v.") { state, archive, config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var flags = FlagValues.Read(tokens, Environment.GetEnvironmentVariable, OfBuild);
            if (flags.Mistakes.Count > 0)
            {
                errors.Mistakes(flags.Mistakes);
                return ExitCodes.Mistakes;
            }

            var folder = flags[Flags.OutputDir] ?? Directory.CreateTempSubdirectory("meshwf-package-").FullName;
            var options = PackageSettings.Read(new StateFolder(parsed.GetRequiredValue(state)), parsed.GetValue(config));
            var version = MeshVersion.Parse(flags[Flags.Version] ?? AsmcliRequest.DefaultVersion);
            return await BuildAsync(version, folder, parsed.GetValue(archive), options, console, cancellationToken);
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
        var state = ApiAccess.StateOption();
        var archive = ArchiveOption();
        var config = ConfigOption();
        var command = new Command("build", "Downloads, checks and lays out a package: istioctl, manifests, options, samples, and the checksum of each file.")
        {
            folder, version, state, archive, config,
        };
        command.SetAction((parsed, cancellationToken) => BuildAsync(
            MeshVersion.Parse(parsed.GetRequiredValue(version)),
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
            console.MarkupLineInterpolated($"{manifest.Version}: {manifest.Files.Count} files are as they must be.");
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static async Task<int> BuildAsync(
        MeshVersion version, string folder, string? archive, PackageOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var package = await new PackageFetch(options, console).GetAsync(new PackageRequest(version), cancellationToken);
        PackageOutput.Write(package, folder);
        PackageManifest.Read(folder)?.Check(folder);
        console.MarkupLineInterpolated($"The mesh package {version.Configuration} is in {Path.GetFullPath(folder)}");
        if (archive is not null)
        {
            PackageArchive.Pack(folder, archive);
            console.MarkupLineInterpolated($"and packed in {Path.GetFullPath(archive)}");
        }

        console.MarkupLineInterpolated($"Install from it with: meshwf install --offline --output_dir {folder} …");
        return ExitCodes.Succeeded;
    }

    private static Option<string?> ArchiveOption() => new("--archive") { Description = "Pack it into this file (tar.gz), too." };

    private static Option<string?> ConfigOption() =>
        new("--config") { Description = "Settings (JSON): section MeshPackage. Default: those of the process that runs on the state folder." };
}
