using System.CommandLine;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Begins a rollout from a request, and watches it to its end.</summary>
internal static class InstallCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors)
    {
        var access = new ApiAccess();
        var source = new RequestSource();
        var key = new Option<string?>("--idempotency-key") { Description = "A key of your own: the same key answers the first result again." };
        var detach = new Option<bool>("--detach") { Description = "Don't wait for the end." };
        var command = new Command("install", "Begins a rollout from a request, or from asmcli's flags for one cluster. Nothing is contacted if it has mistakes.") { key, detach };
        source.AddTo(command);
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (await source.ReadAsync(parsed, errors, cancellationToken) is not { } text)
            {
                return ExitCodes.Mistakes;
            }

            using var client = access.Connect(parsed);
            var begun = await client.BeginAsync(text, parsed.GetValue(key), cancellationToken);
            console.MarkupLineInterpolated($"Rollout [bold]{begun.Rollout.Id}[/]");
            return parsed.GetValue(detach)
                ? ExitCodes.Succeeded
                : ExitCodes.Of((await RolloutWatch.ToEndAsync(() => access.Connect(parsed), begun.Rollout.Id, console, cancellationToken)).Rollout.State);
        });
        return command;
    }
}
