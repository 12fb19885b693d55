using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Sandbox.FaultPlans;
using MeshWorkflow.Sandbox.Hosting;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Files;
using MeshWorkflow.Sandbox.Worlds.Saving;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Runs a sandbox until it is stopped.</summary>
internal static class SandboxCommand
{
    public static Command Make(IAnsiConsole console)
    {
        var folder = new Option<string>("--folder")
        {
            Description = "Where it writes its addresses, its admin token and the credentials file. Default: sandbox in the state folder.",
            DefaultValueFactory = _ => Path.Combine(StateFolder.Default, "sandbox"),
        };
        var start = new Option<string>("--world")
        {
            Description = "What is there at the start: demo, fleet, a world file, or a saved state (docs/sandbox.md). Default: demo.",
            DefaultValueFactory = _ => "demo",
        };
        var faults = new Option<string?>("--faults") { Description = "A plan of what goes wrong (docs/sandbox.md). Default: nothing does." };
        var port = new Option<int>("--port") { Description = "The port of Google's APIs on loopback. Default: any." };
        var adminPort = new Option<int>("--admin-port") { Description = "The port of the admin endpoint on loopback. Default: any." };
        var command = new Command("sandbox", "Simulates Google Cloud and Kubernetes on loopback: for rehearsals, and for anybody's client.")
        {
            folder, start, faults, port, adminPort, SandboxLooks.Snapshot(folder), SandboxLooks.Diff(folder, console), SandboxLooks.Journal(folder, console),
            SandboxStates.Save(folder, console), SandboxStates.Restore(folder, console), SandboxFaults.Make(folder, console),
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (await ReadAsync(parsed.GetValue(start) ?? "", parsed.GetValue(faults), console, cancellationToken) is not { } begin)
            {
                return ExitCodes.Mistakes;
            }

            using var loggers = Logs.ToConsole(LogLevel.Information);
            await using var sandbox = await StartAsync(
                new SandboxOptions
                {
                    World = begin.World,
                    Saved = begin.Saved,
                    Faults = begin.Faults,
                    Folder = Path.GetFullPath(parsed.GetValue(folder) ?? ""),
                    GooglePort = parsed.GetValue(port),
                    AdminPort = parsed.GetValue(adminPort),
                    Loggers = loggers,
                },
                console,
                cancellationToken);
            if (sandbox is null)
            {
                return ExitCodes.Mistakes;
            }

            Show(console, sandbox.Addresses);
            await Waiting.ForStopAsync(cancellationToken);
            return ExitCodes.Succeeded;
        });
        return command;
    }

    // Null: there is none, and why was told.
    private static async Task<Beginning?> ReadAsync(string name, string? faults, IAnsiConsole console, CancellationToken cancellationToken)
    {
        try
        {
            var plan = faults is null ? null : FaultPlan.Read(await File.ReadAllTextAsync(faults, cancellationToken), faults);
            if (World.BuiltIn(name) is { } known)
            {
                return new Beginning(known, Saved: null, plan);
            }

            return await SavedWorld.FindAsync(name, cancellationToken) is { } saved
                ? new Beginning(saved.World, saved, plan)
                : new Beginning(WorldFile.Read(name), Saved: null, plan);
        }
        catch (Exception exception) when (exception is WorldFileException or SavedWorldException or FaultPlanException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            console.MarkupLineInterpolated($"[red]{exception.Message}[/]");
            return null;
        }
    }

    // Null: the plan is about what isn't in this world, and that was told.
    private static async Task<SandboxHost?> StartAsync(SandboxOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        try
        {
            return await SandboxHost.StartAsync(options, cancellationToken);
        }
        catch (FaultPlanException exception)
        {
            console.MarkupLineInterpolated($"[red]{exception.Message}[/]");
            return null;
        }
    }

    private sealed record Beginning(World World, SavedWorld? Saved, FaultPlan? Faults);

    private static void Show(IAnsiConsole console, SandboxAddresses addresses)
    {
        console.MarkupLineInterpolated($"Google's APIs  [bold]{addresses.Google}[/]");
        console.MarkupLineInterpolated($"Credentials    {addresses.CredentialsFile}");
        console.MarkupLineInterpolated($"Admin          {addresses.Admin} (token in {addresses.AdminTokenFile})");
        foreach (var cluster in addresses.Clusters)
        {
            console.MarkupLineInterpolated($"API server     {cluster.Server} {cluster.Cluster}");
        }

        console.MarkupLineInterpolated($"[grey]Use it:[/] meshwf up --config {addresses.SettingsFile}");
    }
}
