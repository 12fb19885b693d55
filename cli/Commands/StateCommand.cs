using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Sidecar.Looks;
using MeshWorkflow.Sidecar.Storage;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Looks after the state file.</summary>
internal static class StateCommand
{
    public static Command Make(IAnsiConsole console) => new("state", "Looks after the state file of one machine.")
    {
        Backup(console), Compact(console),
    };

    private static Command Backup(IAnsiConsole console)
    {
        var state = ApiAccess.StateOption();
        var file = new Argument<string>("file") { Description = "Where to; it must not exist." };
        var command = new Command("backup", "Copies the state file, also while it is in use. A copy can be started from.") { file, state };
        command.SetAction(parsed =>
        {
            var target = Path.GetFullPath(parsed.GetRequiredValue(file));
            using (var view = StateView.Open(FileOf(parsed, state)))
            {
                view.Backup(target);
            }

            console.MarkupLineInterpolated($"{target} ({Size(new FileInfo(target).Length)}). To go back: stop, put it in the state folder as state.db, and remove state.db-wal and state.db-shm.");
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Compact(IAnsiConsole console)
    {
        var state = ApiAccess.StateOption();
        var command = new Command("compact", "Makes the state file as small as what is in it. Nothing may run on it.") { state };
        command.SetAction(parsed =>
        {
            var (before, after) = StateFile.Compact(FileOf(parsed, state));
            console.MarkupLineInterpolated($"{Size(before)} before, {Size(after)} now.");
            return ExitCodes.Succeeded;
        });
        return command;
    }

    /// <summary>The state file in the folder that a command names.</summary>
    public static string FileOf(ParseResult parsed, Option<string> state) => new StateFolder(parsed.GetValue(state) ?? StateFolder.Default).StateFile;

    private static string Size(long bytes) => FormattableString.Invariant($"{bytes / 1024.0:N0} KiB");
}
