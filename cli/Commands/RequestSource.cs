using System.CommandLine;
using MeshWorkflow.Workflows.Requests;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Where a command has its request from: a file, or asmcli's flags for one cluster.</summary>
internal sealed class RequestSource
{
    private readonly Option<string?> _file = new("--file", "-f") { Description = "The request, YAML or JSON; - for standard input." };
    private readonly AsmcliFlags _flags = new();

    public void AddTo(Command command)
    {
        command.Add(_file);
        _flags.AddTo(command);
    }

    /// <summary>Reads the request, with the files that it names.</summary>
    /// <returns>The request; null: it has mistakes, and they were told.</returns>
    public async Task<string?> ReadAsync(ParseResult parsed, IAnsiConsole errors, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(_file);
        var mistakes = _flags.Mistakes(parsed, hasFile: file is not null);
        if (mistakes.Count > 0)
        {
            errors.Mistakes(mistakes);
            return null;
        }

        var text = file is null ? _flags.Request(parsed) : await TextAsync(file, cancellationToken);
        text = RequestFiles.Inline(text, file is null or "-" ? "." : Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".");
        if (RequestParser.TryParse(text, out _, out var found))
        {
            return text;
        }

        errors.Mistakes(found);
        return null;
    }

    private static async Task<string> TextAsync(string file, CancellationToken cancellationToken) => file == "-"
        ? await Console.In.ReadToEndAsync(cancellationToken)
        : await File.ReadAllTextAsync(file, cancellationToken);
}
