using System.CommandLine;
using Dapr.Workflow;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeshWorkflow.Benchmarks;

/// <summary>Runs a worker until it is stopped. With a journal, every run of an activity leaves a line in it.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var address = new Argument<string>("address") { Description = "The sidecar's gRPC address." };
        var journal = new Option<string?>("--journal") { Description = "A file that every run of an activity is noted in." };
        var command = new Command("worker", "Runs a worker.") { address, journal };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var host = await StartAsync(new Uri(result.GetRequiredValue(address)), new Workload(result.GetValue(journal)));
            Console.WriteLine("READY");
            await SidecarCommand.UntilAsync(cancellationToken);
            await host.StopAsync(CancellationToken.None);
        });
        return command;
    }

    internal static async Task<IHost> StartAsync(Uri address, Workload workload)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["DAPR_GRPC_ENDPOINT"] = address.ToString() });
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddDaprWorkflow(workload.Register);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
