using System.CommandLine;
using MeshWorkflow.Sidecar.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Benchmarks;

/// <summary>Runs an embedded sidecar for the app "bench" until it is stopped.</summary>
internal static class SidecarCommand
{
    public static Command Create()
    {
        var state = new Argument<string>("state") { Description = "The state file." };
        var port = new Option<int>("--port") { Description = "The gRPC port; 0, the default: any." };
        var command = new Command("sidecar", "Runs an embedded sidecar.") { state, port };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetRequiredValue(state), result.GetValue(port), cancellationToken));
        return command;
    }

    private static async Task RunAsync(string state, int port, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning));
        await using var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions { StateFile = state, Apps = [new SidecarApp { Id = "bench", GrpcPort = port }], Loggers = loggers },
            cancellationToken);

        // Whoever started this waits for the line.
        Console.WriteLine($"READY {sidecar.Apps["bench"].GrpcAddress}");
        await UntilAsync(cancellationToken);
    }

    /// <summary>Ends when it is told to.</summary>
    internal static async Task UntilAsync(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
    }
}
