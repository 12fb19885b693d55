using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Requests;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Begins a rollout from a request, and watches it to its end.</summary>
internal static class InstallCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors)
    {
        var access = new ApiAccess();
        var file = new Option<string>("--file", "-f") { Description = "The request, YAML or JSON; - for standard input.", Required = true };
        var key = new Option<string?>("--idempotency-key") { Description = "A key of your own: the same key answers the first result again." };
        var detach = new Option<bool>("--detach") { Description = "Don't wait for the end." };
        var command = new Command("install", "Begins a rollout from a request. Nothing is contacted if the request has mistakes.") { file, key, detach };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = await TextAsync(parsed.GetRequiredValue(file), cancellationToken);
            if (!RequestParser.TryParse(text, out _, out var mistakes))
            {
                errors.Mistakes(mistakes);
                return ExitCodes.Mistakes;
            }

            using var client = access.Connect(parsed);
            var begun = await client.BeginAsync(text, parsed.GetValue(key), cancellationToken);
            console.MarkupLineInterpolated($"Rollout [bold]{begun.Rollout.Id}[/]");
            return parsed.GetValue(detach)
                ? ExitCodes.Succeeded
                : ExitCodes.Of((await RolloutWatch.ToEndAsync(client, begun.Rollout.Id, console, cancellationToken)).Rollout.State);
        });
        return command;
    }

    private static async Task<string> TextAsync(string file, CancellationToken cancellationToken) => file == "-"
        ? await Console.In.ReadToEndAsync(cancellationToken)
        : await File.ReadAllTextAsync(file, cancellationToken);
}
