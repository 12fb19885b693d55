using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Shows what a request would change, before anything is written.</summary>
internal static class PlanCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors, IReadOnlyList<string> flags)
    {
        var access = new ApiAccess();
        var source = new RequestSource(flags);
        var detailed = new Option<bool>("--detailed-exitcode") { Description = "Exit with 10 if there are changes." };
        var isOperator = new Option<bool>("--operator") { Description = "Show the effective operator, too: what each control plane is rendered from." };
        var isJson = new Option<bool>("--json") { Description = "Write the plan as the API answers it." };
        var command = new Command("plan", "Shows problems first, then what would change, with before, after and how each is undone. Writes nothing.")
        {
            detailed, isOperator, isJson,
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
            var looks = new PlanLooks(parsed.GetValue(detailed), parsed.GetValue(isOperator), parsed.GetValue(isJson));
            return await RequestRuns.PlanAsync(client, wanted, console, looks, cancellationToken);
        });
        return command;
    }
}
