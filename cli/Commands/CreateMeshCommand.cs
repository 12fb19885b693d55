using System.CommandLine;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using Spectre.Console;

namespace MeshWorkflow.Cli.Commands;

/// <summary>Checks and plans the endpoint discovery between clusters. It is carried out by a later release.</summary>
internal static class CreateMeshCommand
{
    public static Command Make(IAnsiConsole console, IAnsiConsole errors, IReadOnlyList<string> tokens)
    {
        var command = new Command(
            "create-mesh", "FLEET_ID (PROJECT/LOCATION/CLUSTER | KUBECONFIG)…: checks and plans which clusters see each other's endpoints. Writes nothing yet.");
        command.SetAction(parsed =>
        {
            var mesh = MeshMembers.Of(tokens);
            if (mesh.Mistakes.Count > 0)
            {
                errors.Mistakes(mesh.Mistakes);
                return ExitCodes.Mistakes;
            }

            foreach (var (at, of) in mesh.Pairs)
            {
                console.MarkupLineInterpolated($"[green]+[/] {at.Name}: istio-system/istio-remote-secret-{of.SecretName}");
            }

            console.MarkupLineInterpolated(
                $"{mesh.Pairs.Count()} secret(s) in {mesh.Members.Count} cluster(s), by which each one's control plane sees the others' endpoints.");
            errors.MarkupLine("[yellow]NOT_SUPPORTED_YET[/]: nothing was written; this release plans create-mesh, and does not carry it out.");
            return ExitCodes.Refused;
        });
        return command;
    }
}
