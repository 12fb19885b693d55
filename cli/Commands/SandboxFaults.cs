using System.CommandLine;
using System.Globalization;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Sandbox.Admin;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Traffic;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Orders what goes wrong in a sandbox that runs.</summary>
internal static class SandboxFaults
{
    public static Command Make(Option<string> folder, IAnsiConsole console) => new("faults", "What goes wrong in the sandbox that runs: looks, orders, takes back.")
    {
        List(folder, console), Order(folder, console), Clear(folder, console), Release(folder, console),
    };

    private static Command List(Option<string> folder, IAnsiConsole console)
    {
        var command = new Command("list", "What is on order, and whom it met.") { folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = SandboxAdmin.Of(parsed.GetRequiredValue(folder));
            Show(await admin.FaultsAsync(cancellationToken), console);
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Order(Option<string> folder, IAnsiConsole console)
    {
        var file = new Argument<string>("file") { Description = "The plan (docs/sandbox.md). It takes the place of the last one." };
        var command = new Command("order", "Orders all that a plan says.") { file, folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = SandboxAdmin.Of(parsed.GetRequiredValue(folder));
            try
            {
                Show(await admin.OrderAsync(await File.ReadAllTextAsync(parsed.GetRequiredValue(file), cancellationToken), cancellationToken), console);
                return ExitCodes.Succeeded;
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                console.MarkupLineInterpolated($"[red]{exception.Message}[/]");
                return ExitCodes.Mistakes;
            }
        });
        return command;
    }

    private static Command Clear(Option<string> folder, IAnsiConsole console)
    {
        var command = new Command("clear", "Takes all faults back: hung calls go on, clusters come back, operations end.") { folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = SandboxAdmin.Of(parsed.GetRequiredValue(folder));
            await admin.CancelFaultsAsync(cancellationToken);
            console.WriteLine("Nothing goes wrong any more.");
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static Command Release(Option<string> folder, IAnsiConsole console)
    {
        var name = new Argument<string>("name") { Description = "The name of a fault at which calls hang." };
        var drop = new Option<bool>("--drop") { Description = "They end unanswered. Default: they go on." };
        var command = new Command("release", "Lets the calls go that hang at a fault.") { name, drop, folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = SandboxAdmin.Of(parsed.GetRequiredValue(folder));
            var action = parsed.GetValue(drop) ? HoldAction.Drop : HoldAction.Proceed;
            if (await admin.ReleaseAsync(parsed.GetRequiredValue(name), action, cancellationToken))
            {
                console.WriteLine("Let go.");
                return ExitCodes.Succeeded;
            }

            console.MarkupLineInterpolated($"[red]No calls hang at '{parsed.GetRequiredValue(name)}'. See: meshwf sandbox faults list[/]");
            return ExitCodes.Mistakes;
        });
        return command;
    }

    private static void Show(IReadOnlyList<FaultView> faults, IAnsiConsole console)
    {
        if (faults.Count == 0)
        {
            console.WriteLine("Nothing is on order.");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("Name", "Kind", "Calls", "Seen", "Met");
        foreach (var fault in faults)
        {
            table.AddRow(
                Markup.Escape(fault.Name),
                fault.Kind,
                Markup.Escape($"{fault.Match.Api ?? "*"} {fault.Match.Method ?? "*"} {fault.Match.Cluster ?? fault.Match.Project ?? fault.Match.Resource}".TrimEnd()),
                fault.Seen.ToString(CultureInfo.InvariantCulture),
                fault.Met.ToString(CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }
}
