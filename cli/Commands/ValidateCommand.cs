using System.CommandLine;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Tells all mistakes of a request. Contacts nobody.</summary>
internal static class ValidateCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors)
    {
        var source = new RequestSource();
        var command = new Command("validate", "Tells all mistakes of a request, each with its path and remedy. Contacts nobody.");
        source.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (await source.ReadAsync(parsed, errors, cancellationToken) is null)
            {
                return ExitCodes.Mistakes;
            }

            console.WriteLine("The request has no mistake.");
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
