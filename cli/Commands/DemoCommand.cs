using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Demo;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Shows a rollout from its first step to its last undo, against a sandbox of its own.</summary>
internal static class DemoCommand
{
    public static Command Make(IAnsiConsole console)
    {
        var command = new Command("demo", "Runs a rollout against a sandbox and checks what became of its world. Needs nothing, leaves nothing.");
        command.SetAction(async (_, cancellationToken) =>
        {
            var folder = Directory.CreateTempSubdirectory("meshwf-demo-");
            try
            {
                using var loggers = Logs.ToConsole(LogLevel.Error);
                var isTold = await new DemoRun(console, folder.FullName, loggers).RunAsync(cancellationToken);
                return isTold ? ExitCodes.Succeeded : ExitCodes.Internal;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }
}
