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
        var keep = new Option<bool>("--keep") { Description = "Leaves all of it up afterwards and says where, until Ctrl+C." };
        var command = new Command("demo", "Installs the mesh on a sandbox fleet of 12 clusters and checks what became of its world. Needs nothing, leaves nothing.")
        {
            keep,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = Directory.CreateTempSubdirectory("meshwf-demo-");
            try
            {
                using var loggers = Logs.ToConsole(LogLevel.Error);
                var isTold = await new DemoRun(console, folder.FullName, loggers).RunAsync(parsed.GetValue(keep), cancellationToken);
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
