using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Workflows.Requests;
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
    public async Task<WantedRequest?> ReadAsync(ParseResult parsed, Purpose purpose, IAnsiConsole errors, CancellationToken cancellationToken)
    {
        try
        {
            return parsed.GetValue(_file) is { } file
                ? await OfFileAsync(file, errors, cancellationToken)
                : OfFlags(AsmcliReading.Of(tokens, Environment.GetEnvironmentVariable, purpose), errors);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Mistakes([new Mistake(parsed.GetValue(_file) is null ? "" : "--file", "FILE_MISSING", exception.Message, "Check the path.")]);
            return null;
        }
    }

    private async Task<WantedRequest?> OfFileAsync(string file, IAnsiConsole errors, CancellationToken cancellationToken)
    {
        // What asmcli's environment says is not for a request that says all itself.
        var flags = FlagValues.Read(tokens, _ => null);
        var excluded = Flags.OnCommandLine.Where(flag => flags.Has(flag) && flag != Flags.OutputDir)
            .Select(flag => new Mistake(flag.Long, "NOT_TOGETHER", "and --file exclude each other", "Say it in the file."));
        var text = RequestFiles.Inline(
            file == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(file, cancellationToken),
            file == "-" ? "." : Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".");
        var isRead = RequestParser.TryParse(text, out var request, out var found);
        IReadOnlyList<Mistake> mistakes = [.. flags.Mistakes, .. excluded, .. found];
        errors.Mistakes(mistakes);
        return isRead && request is not null && mistakes.Count == 0 ? new WantedRequest(text, request, flags, IsFile: true) : null;
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
