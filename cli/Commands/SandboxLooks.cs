using System.CommandLine;
using System.Text.Json;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Demo;
using MeshWorkflow.Sandbox.Admin;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Sandbox.Worlds;
using MeshWorkflow.Sandbox.Worlds.Comparing;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Looks at the world of a sandbox that runs.</summary>
internal static class SandboxLooks
{
    public static Command Snapshot(Option<string> folder)
    {
        var command = new Command("snapshot", "Writes everything in the world to standard output, as JSON.") { folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = SandboxAdmin.Of(parsed.GetRequiredValue(folder));
            await using var output = Console.OpenStandardOutput();
            await JsonSerializer.SerializeAsync(output, await admin.SnapshotAsync(cancellationToken), JsonSerializerOptions.Web, cancellationToken);
            return ExitCodes.Succeeded;
        });
        return command;
    }

    public static Command Diff(Option<string> folder, IAnsiConsole console)
    {
        var before = new Argument<string>("before") { Description = "A snapshot." };
        var after = new Argument<string?>("after") { Description = "A second snapshot. Default: the world as it is.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("diff", "Shows where two worlds differ; what servers write by themselves does not count.") { before, after, folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var first = await ReadAsync(parsed.GetRequiredValue(before), cancellationToken);
            console.Differences(parsed.GetValue(after) is { } file
                ? WorldDiff.Compare(first, await ReadAsync(file, cancellationToken))
                : await NowAsync(first, parsed.GetRequiredValue(folder), cancellationToken));
            return ExitCodes.Succeeded;
        });
        return command;
    }

    public static Command Journal(Option<string> folder, IAnsiConsole console)
    {
        var number = new Option<int>("--after") { Description = "Only what came after this entry's number." };
        var writes = new Option<bool>("--writes") { Description = "Only what changed something." };
        var command = new Command("journal", "Shows every call that came, and what it changed.") { number, writes, folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var admin = SandboxAdmin.Of(parsed.GetRequiredValue(folder));
            foreach (var entry in await admin.JournalAsync(parsed.GetValue(number), cancellationToken))
            {
                if (entry.Effects.Count > 0 || !parsed.GetValue(writes))
                {
                    console.Entry(entry);
                }
            }

            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static void Entry(this IAnsiConsole console, JournalEntry entry)
    {
        console.MarkupLineInterpolated($"{entry.Number,5} {entry.At:HH:mm:ss.fff} {entry.Status,3} {entry.Api} {entry.Method} [grey]{entry.Principal} {entry.Resource}[/]");
        foreach (var effect in entry.Effects)
        {
            console.MarkupLineInterpolated($"          [green]{effect}[/]");
        }
    }

    private static async Task<IReadOnlyList<WorldDifference>> NowAsync(WorldSnapshot before, string folder, CancellationToken cancellationToken)
    {
        using var admin = SandboxAdmin.Of(folder);
        return await admin.DiffAsync(before, cancellationToken);
    }

    private static async Task<WorldSnapshot> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        try
        {
            return await JsonSerializer.DeserializeAsync<WorldSnapshot>(stream, JsonSerializerOptions.Web, cancellationToken)
                ?? throw new InvalidOperationException($"'{file}' is no snapshot.");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"'{file}' is no snapshot: {exception.Message}");
        }
    }
}
