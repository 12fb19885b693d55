using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Cli.Packages;
using MeshWorkflow.Workflows.Api;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Begins a rollout from a request, and watches it to its end. It never asks: <c>apply</c> is the same.</summary>
internal static class InstallCommand
{
    public static Command Make(string name, IAnsiConsole console, IAnsiConsole errors, IReadOnlyList<string> flags)
    {
        var access = new ApiAccess();
        var source = new RequestSource(flags);
        var key = new Option<string?>("--idempotency-key") { Description = "A key of your own: the same key answers the first result again." };
        var detach = new Option<bool>("--detach") { Description = "Don't wait for the end." };
        var json = JsonLook.Option("A line of JSON for each event, then the rollout as the API answers it.");
        var command = new Command(name, "Begins a rollout from a request, or from asmcli's flags for one cluster. Nothing is contacted if it has mistakes.") { key, detach, json };
        source.AddTo(command);
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (source.Read(parsed, Purpose.Install, errors) is not { } wanted)
            {
                return ExitCodes.Mistakes;
            }

            var output = wanted.OutputDir is { } folder
                ? await OutputFolder.PrepareAsync(wanted, folder, wanted.IsOffline, PackageSettings.Read(access.Folder(parsed)), errors, cancellationToken)
                : null;
            using var client = access.Connect(parsed);
            if (await InsteadAsync(client, wanted, console, errors, cancellationToken) is { } exitCode)
            {
                return exitCode;
            }

            var begun = await client.BeginAsync(wanted.Text, parsed.GetValue(key), cancellationToken);
            var isJson = parsed.GetValue(json);
            if (!isJson)
            {
                console.MarkupLineInterpolated($"Rollout [bold]{begun.Rollout.Id}[/]");
            }
            else if (parsed.GetValue(detach))
            {
                console.Json(begun, ApiJson.Default.RolloutView);
            }

            if (output is not null)
            {
                await output.KeepManifestsAsync(wanted, client, errors, cancellationToken);
            }

            return parsed.GetValue(detach)
                ? ExitCodes.Succeeded
                : ExitCodes.Of((await RolloutWatch.ToEndAsync(() => access.Connect(parsed), begun.Rollout.Id, console, isJson, cancellationToken)).Rollout.State);
        });
        return command;
    }

    // Flags by which asmcli's install becomes another command.
    private static async Task<int?> InsteadAsync(
        RolloutClient client, WantedRequest wanted, IAnsiConsole console, IAnsiConsole errors, CancellationToken cancellationToken) => wanted.Flags switch
        {
            var flags when flags.IsOn(Flags.OnlyValidate) => await RequestRuns.ValidateAsync(client, wanted, console, cancellationToken),
            var flags when flags.IsOn(Flags.PrintConfig) => await RequestRuns.PrintConfigAsync(client, wanted, console, errors, cancellationToken),
            var flags when flags.IsOn(Flags.DryRun) => await RequestRuns.PlanAsync(client, wanted, console, new PlanLooks(), cancellationToken),
            _ => null,
        };
}
