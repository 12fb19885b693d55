using System.CommandLine;
using System.Text.Json;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;
using MeshWorkflow.Workflows.Planning;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Shows what a request would change, before anything is written.</summary>
internal static class PlanCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors)
    {
        var access = new ApiAccess();
        var source = new RequestSource();
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
            if (await source.ReadAsync(parsed, errors, cancellationToken) is not { } text)
            {
                return ExitCodes.Mistakes;
            }

            using var client = access.Connect(parsed);
            var plan = await client.PlanAsync(text, cancellationToken);
            if (parsed.GetValue(isJson))
            {
                console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(plan, ApiJson.Default.PlanView));
            }
            else
            {
                console.Plan(plan, parsed.GetValue(isOperator));
            }

            return ExitCodeOf(plan, parsed.GetValue(detailed));
        });
        return command;
    }

    private static int ExitCodeOf(PlanView plan, bool isDetailed) => plan switch
    {
        { Problems.Count: > 0 } => ExitCodes.Refused,
        { Counts: { Create: 0, Update: 0 } } => ExitCodes.Succeeded,
        _ => isDetailed ? ExitCodes.Changes : ExitCodes.Succeeded,
    };
}
