using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.MeshPackage.Contents;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.Steps.Failures;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>The command <c>meshwf</c>.</summary>
internal static class MeshwfCommand
{
    /// <summary>Carries out a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args) => RunAsync(
        args,
        Whole(AnsiConsole.Console, Console.IsOutputRedirected),
        Whole(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), Console.IsErrorRedirected));

    /// <summary>Carries out a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where what was asked for is shown.</param>
    /// <param name="problems">Where else is told what there is to tell.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, IAnsiConsole output, IAnsiConsole problems)
    {
        var errors = new SafeConsole(problems);
        var words = CommandWords.Of(args);
        var root = Root(new SafeConsole(output), errors, words.Tokens);
        if (args.Length == 0)
        {
            await root.Parse(["--help"]).InvokeAsync(new InvocationConfiguration { Output = problems.Profile.Out.Writer }, CancellationToken.None);
            return ExitCodes.Mistakes;
        }

        var parsed = root.Parse(words.Rest);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                errors.MarkupLineInterpolated($"[red]{error.Message}[/]");
            }

            if (Meant(parsed) is { } meant)
            {
                errors.MarkupLineInterpolated($"Did you mean {meant}?");
            }

            errors.WriteLine("Help: add --help.");
            return ExitCodes.Mistakes;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (ApiRefusedException refused)
        {
            errors.Refusal(refused.Problem);
            return refused.Problem.Status is 400 or 404 or 409 or 413 ? ExitCodes.Mistakes : ExitCodes.Internal;
        }
        catch (ApiUnreachableException unreachable)
        {
            errors.MarkupLineInterpolated($"[red]The API is not reachable: {unreachable.Message}[/]");
            errors.WriteLine("Start it with: meshwf up");
            return ExitCodes.Unreachable;
        }
        catch (MeshException refused)
        {
            errors.MarkupLineInterpolated($"[red]{refused.Reason}[/]: {refused.Message} {refused.Hint}");
            return ExitCodes.Refused;
        }
        catch (Exception exception) when (exception is StateFileException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            errors.MarkupLineInterpolated($"[red]{exception.Message}[/]");
            return ExitCodes.Internal;
        }
        catch (WatchStoppedException stopped) when (parsed.CommandResult.Command.Name != "demo")
        {
            errors.MarkupLineInterpolated(
                $"[yellow]{stopped.Id} goes on.[/] See it: meshwf watch {stopped.Id}. Stop it and undo what is under way: meshwf cancel {stopped.Id}. Undo all, once it has ended: meshwf rollback {stopped.Id}.");
            return ExitCodes.Stopped;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Stopped;
        }
    }

    // What is wrong may be the command's own word, or an option of it.
    private static string? Meant(ParseResult parsed)
    {
        var known = parsed.CommandResult.Command.Subcommands.Select(command => command.Name)
            .Concat(parsed.CommandResult.Command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)))
            .ToList();
        return parsed.UnmatchedTokens
            .Concat(parsed.Tokens.Where(token => token.Value.StartsWith('-')).Select(token => token.Value.Split('=')[0]))
            .Where(token => !known.Contains(token))
            .Select(token => NearestName.Of(token, known.Where(name => name.StartsWith('-') == token.StartsWith('-'))))
            .FirstOrDefault(name => name is not null);
    }

    // A pipe or a file has no width: lines stay whole there.
    private static IAnsiConsole Whole(IAnsiConsole console, bool isRedirected)
    {
        console.Profile.Width = isRedirected ? int.MaxValue : console.Profile.Width;
        return console;
    }

    private static RootCommand Root(IAnsiConsole console, IAnsiConsole errors, IReadOnlyList<string> flags)
    {
        var root = new RootCommand("Installs the in-cluster Cloud Service Mesh on fleets of clusters, durably, and undoes exactly what fails.")
        {
            DemoCommand.Make(console),
            UpCommand.Make(console),
            SandboxCommand.Make(console),
            ValidateCommand.Make(console, errors, flags),
            PreflightCommand.Make(console, errors, flags),
            PlanCommand.Make(console, errors, flags),
            PrintConfigCommand.Make(console, errors, flags),
            InstallCommand.Make("install", console, errors, flags),
            InstallCommand.Make("apply", console, errors, flags),
            CreateMeshCommand.Make(console, errors, flags),
            PackageCommands.BuildOfflinePackage(console, errors, flags),
            PackageCommands.Make(console),
            ListCommand.Make(console),
            SchemaCommand.Make(),
            StatusCommand.Make(console),
            WatchCommand.Make(console),
            RollbackCommand.Make(console),
            CertsCommand.Make(console, errors),
            WorkflowsCommand.Make(console),
            StateCommand.Make(console),
        };
        foreach (var command in ControlCommands.Make(console))
        {
            root.Add(command);
        }

        return root;
    }
}
