using System.CommandLine;
using System.Text.Json;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Looks whether the mesh can be installed, before anybody begins anything.</summary>
internal static class PreflightCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors, IReadOnlyList<string> flags)
    {
        var access = new ApiAccess();
        var source = new RequestSource(flags);
        var all = new Option<bool>("--all") { Description = "Show the healthy clusters and the checks that passed, too." };
        var isJson = new Option<bool>("--json") { Description = "Write what was found as the API answers it." };
        var command = new Command("preflight", "Looks at all clusters of a request at once: what would keep the mesh from them, each with its remedy. Writes nothing.")
        {
            all, isJson,
        };
        source.AddTo(command);
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (source.Read(parsed, Purpose.Plan, errors) is not { } wanted)
            {
                return ExitCodes.Mistakes;
            }

            using var client = access.Connect(parsed);
            var found = await client.PreflightAsync(wanted.Text, cancellationToken);
            if (parsed.GetValue(isJson))
            {
                await console.Profile.Out.Writer.WriteLineAsync(JsonSerializer.Serialize(found, ApiJson.Default.PreflightView));
            }
            else
            {
                console.Preflight(found, parsed.GetValue(all));
            }

            return found.Counts.Refused > 0 ? ExitCodes.Refused : ExitCodes.Succeeded;
        });
        return command;
    }
}
