using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Cli.Packages;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>
/// Tells all mistakes of a request, and contacts nobody for that. With flags it then looks, as asmcli does, at what would keep the install
/// from succeeding.
/// </summary>
internal static class ValidateCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors, IReadOnlyList<string> flags)
    {
        var access = new ApiAccess();
        var source = new RequestSource(flags);
        var command = new Command(
            "validate", "Tells all mistakes of a request: of a file without contacting anybody; of flags, then also what stands in the way. Changes nothing.");
        source.AddTo(command);
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (source.Read(parsed, Purpose.Validate, errors) is not { } wanted)
            {
                return ExitCodes.Mistakes;
            }

            if (wanted.OutputDir is { } folder)
            {
                var options = PackageSettings.Read(access.Folder(parsed));
                await OutputFolder.PrepareAsync(wanted, folder, wanted.IsOffline, options, errors, cancellationToken);
            }

            if (wanted.IsFile)
            {
                console.WriteLine("The request has no mistake.");
                return ExitCodes.Succeeded;
            }

            using var client = access.Connect(parsed);
            return await RequestRuns.ValidateAsync(client, wanted, console, cancellationToken);
        });
        return command;
    }
}
