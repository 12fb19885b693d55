using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>The option by which a command answers as the API does, for other programs.</summary>
internal static class JsonLook
{
    public static Option<bool> Option(string description = "As the API answers it, on one line.") => new("--json") { Description = description };

    /// <summary>Writes a value on one line, past everything that a console does for people.</summary>
    public static void Json<T>(this IAnsiConsole console, T value, JsonTypeInfo<T> type) =>
        console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(value, type));
}
