using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Sandbox.Admin;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Saves the state of a sandbox that runs, and puts it back.</summary>
internal static class SandboxStates
{
    public static Command Save(Option<string> folder, IAnsiConsole console)
    {
        var file = new Argument<string>("file") { Description = "Where to; replaced if it is there. Its owner alone can read it: secrets are in it." };
        var command = new Command("save", "Saves the state of the whole world, once no operation of Google's APIs is under way.") { file, folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = SandboxAdmin.Of(parsed.GetRequiredValue(folder));
            await admin.SaveAsync(parsed.GetRequiredValue(file), cancellationToken);
            console.MarkupLineInterpolated($"Saved. Put it back with: meshwf sandbox restore {parsed.GetRequiredValue(file)}");
            return ExitCodes.Succeeded;
        });
        return command;
    }

    public static Command Restore(Option<string> folder, IAnsiConsole console)
    {
        var file = new Argument<string>("file") { Description = "A saved state of the same world." };
        var command = new Command("restore", "Puts the world back to a saved state: same addresses, same tokens; watches end, clients list again.") { file, folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = SandboxAdmin.Of(parsed.GetRequiredValue(folder));
            await admin.RestoreAsync(parsed.GetRequiredValue(file), cancellationToken);
            console.WriteLine("Restored.");
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
