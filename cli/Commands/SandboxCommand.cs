using System.CommandLine;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Machine;
using MeshWorkflow.Sandbox.Hosting;
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
        var port = new Option<int>("--port") { Description = "The port of Google's APIs on loopback. Default: any." };
        var adminPort = new Option<int>("--admin-port") { Description = "The port of the admin endpoint on loopback. Default: any." };
        var command = new Command("sandbox", "Simulates Google Cloud and Kubernetes on loopback: for rehearsals, and for anybody's client.")
        {
            folder, port, adminPort,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var loggers = Logs.ToConsole(LogLevel.Information);
            await using var sandbox = await SandboxHost.StartAsync(
                new SandboxOptions
                {
                    Folder = Path.GetFullPath(parsed.GetValue(folder) ?? ""),
                    GooglePort = parsed.GetValue(port),
                    AdminPort = parsed.GetValue(adminPort),
                    Loggers = loggers,
                },
                cancellationToken);
            Show(console, sandbox.Addresses);
            await Waiting.ForStopAsync(cancellationToken);
            return ExitCodes.Succeeded;
        });
        return command;
    }

    private static void Show(IAnsiConsole console, SandboxAddresses addresses)
    {
        console.MarkupLineInterpolated($"Google's APIs  [bold]{addresses.Google}[/]");
        console.MarkupLineInterpolated($"Credentials    {addresses.CredentialsFile}");
        console.MarkupLineInterpolated($"Admin          {addresses.Admin} (token in {addresses.AdminTokenFile})");
        foreach (var cluster in addresses.Clusters)
        {
            console.MarkupLineInterpolated($"API server     {cluster.Server} {cluster.Cluster}");
        }

        console.MarkupLineInterpolated(
            $"[grey]Use it:[/] meshwf up --google-address {addresses.Google} --credentials {addresses.CredentialsFile}");
    }
}
