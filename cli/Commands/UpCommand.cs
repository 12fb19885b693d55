using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Runs everything in one process until it is stopped. What was under way goes on.</summary>
internal static class UpCommand
{
    public static Command Make(IAnsiConsole console)
    {
        var state = ApiAccess.StateOption();
        var port = new Option<int?>("--port") { Description = "The API's port on loopback. Default: any." };
        var google = Addresses.Option(
            "--google-address", "One address for all Google APIs, each below its short name; a sandbox's, say. Default: Google's own.");
        var credentials = new Option<string?>("--credentials") { Description = "A Google credentials file. Default: Application Default Credentials." };
        var config = new Option<FileInfo[]>("--config")
        {
            Description = "Settings (JSON): sections Rollouts, GoogleCloud, MeshPackage, Kubeconfigs, Api; a sandbox writes such a file. Of several, later ones count more.",
        }.AcceptExistingOnly();
        var command = new Command("up", "Runs the orchestrator, the services and the embedded sidecar in this process, on loopback.")
        {
            state, port, google, credentials, config,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new ConfigurationBuilder();
            foreach (var file in parsed.GetValue(config) ?? [])
            {
                settings.AddJsonFile(file.FullName, optional: false, reloadOnChange: false);
            }

            settings.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["GoogleCloud:BaseAddress"] = parsed.GetValue(google)?.ToString(),
                ["GoogleCloud:CredentialsFile"] = parsed.GetValue(credentials),
                ["Api:Port"] = parsed.GetValue(port)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            }.Where(pair => pair.Value is not null));
            IConfiguration built;
            try
            {
                built = settings.Build();
            }
            catch (InvalidDataException exception)
            {
                console.MarkupLineInterpolated($"[red]{exception.Message} {exception.InnerException?.Message}[/]");
                return ExitCodes.Mistakes;
            }

            using var loggers = Logs.ToConsole(LogLevel.Information);
            await using var machine = await OneMachine.StartAsync(
                new MachineOptions
                {
                    Folder = new StateFolder(parsed.GetValue(state) ?? StateFolder.Default),
                    Settings = built,
                    Loggers = loggers,
                },
                cancellationToken);
            console.MarkupLineInterpolated($"Ready. API: [bold]{machine.ApiAddress}[/]  Stop with Ctrl+C.");
            await Waiting.ForStopAsync(cancellationToken);
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
