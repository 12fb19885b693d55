using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Workflows.Requests;
using MeshWorkflow.YamlText;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Where a command has its request from: a file, or asmcli's flags and environment variables for one cluster.</summary>
/// <param name="tokens">asmcli's part of the command line.</param>
internal sealed class RequestSource(IReadOnlyList<string> tokens)
{
    private readonly Option<string?> _file = new("--file", "-f") { Description = "The request, YAML or JSON; - for standard input." };

    public void AddTo(Command command)
    {
        command.Add(_file);
        foreach (var flag in Flags.OnCommandLine)
        {
            command.Add(Help(flag));
        }
    }

    /// <summary>Reads the request, with the files that it names.</summary>
    /// <returns>The request; null: it has mistakes, and they were told.</returns>
    public WantedRequest? Read(ParseResult parsed, Purpose purpose, IAnsiConsole errors)
    {
        try
        {
            return parsed.GetValue(_file) is { } file
                ? OfFile(file, errors)
                : OfFlags(AsmcliReading.Of(tokens, Environment.GetEnvironmentVariable, purpose), errors);
        }
        catch (YamlFormatException exception)
        {
            errors.Mistakes([new Mistake("--file", "FILE_UNREADABLE", $"can't be read: {exception.Message}", "Give a request in YAML or JSON, UTF-8.")]);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Mistakes([new Mistake(parsed.GetValue(_file) is null ? "" : "--file", "FILE_MISSING", exception.Message, "Check the path.")]);
            return null;
        }
    }

    private WantedRequest? OfFile(string file, IAnsiConsole errors)
    {
        // What asmcli's environment says is not for a request that says all itself.
        var flags = FlagValues.Read(tokens, _ => null);
        var excluded = Flags.OnCommandLine.Where(flag => flags.Has(flag) && flag != Flags.OutputDir)
            .Select(flag => new Mistake(flag.Long, "NOT_TOGETHER", "and --file exclude each other", "Say it in the file."));
        var unreadable = new List<Mistake>();
        var text = RequestFiles.Inline(Text(file), file == "-" ? "." : Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".", unreadable);
        var isRead = RequestParser.TryParse(text, out var request, out var found);
        IReadOnlyList<Mistake> mistakes = [.. flags.Mistakes, .. excluded, .. unreadable, .. unreadable.Count == 0 ? found : []];
        errors.Mistakes(mistakes);
        return isRead && request is not null && mistakes.Count == 0 ? new WantedRequest(text, request, flags, IsFile: true) : null;
    }

    private static string Text(string file)
    {
        if (file != "-")
        {
            return BoundedYaml.ReadFile(file, YamlLimits.Request);
        }

        using var input = Console.OpenStandardInput();
        return BoundedYaml.ReadStream(input, YamlLimits.Request);
    }

    private static WantedRequest? OfFlags(AsmcliReading read, IAnsiConsole errors)
    {
        foreach (var note in read.Notes)
        {
            errors.MarkupLineInterpolated($"[grey]{note}[/]");
        }

        errors.Mistakes(read.Mistakes);
        return read.Request is null ? null : new WantedRequest(read.Text, read.Request, read.Flags, IsFile: false);
    }

    // Shown as help only: asmcli's rules read these flags.
    private static Option Help(AsmcliFlag flag)
    {
        var names = flag.Names.Skip(1).ToArray();
        return flag.Kind is FlagKind.Switch
            ? new Option<bool>(flag.Long, names) { Description = flag.Description }
            : new Option<string>(flag.Long, names) { Description = flag.Description };
    }
}
