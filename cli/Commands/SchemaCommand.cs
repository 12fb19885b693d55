using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Workflows.Api;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Writes the schema of requests, for editors and other programs.</summary>
internal static class SchemaCommand
{
    public static Command Make()
    {
        var command = new Command("schema", "Writes the JSON Schema of rollout requests.");
        command.SetAction(_ =>
        {
            Console.Out.Write(RequestSchemas.Text);
            return ExitCodes.Succeeded;
        });
        return command;
    }
}
