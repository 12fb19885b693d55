using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using MeshWorkflow.Benchmarks.Ceiling;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Benchmarks;

/// <summary>What chains are run on.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Address">Where it is.</param>
/// <param name="IsBare">Whether its worker only knows the protocol; else it is the worker library.</param>
internal sealed record ChainTarget(string Title, Uri Address, bool IsBare)
{
    /// <summary>Runs chains for a time.</summary>
    /// <returns>Activities per second.</returns>
    public async Task<double> MeasureAsync(ChainLoad load, CancellationToken cancellationToken)
    {
        var headers = new Metadata();
        if (Environment.GetEnvironmentVariable("DAPR_API_TOKEN") is { Length: > 0 } token)
        {
            headers.Add("dapr-api-token", token);
        }

        await using var worker = await WorkerAsync(headers);
        using var channel = GrpcChannel.ForAddress(Address);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        var run = Convert.ToHexStringLower(BitConverter.GetBytes(Stopwatch.GetTimestamp()));
        var clock = Stopwatch.StartNew();
        var count = 0;
        await Task.WhenAll(Enumerable.Range(0, load.Parallel).Select(async _ =>
        {
            while (clock.Elapsed < load.Time)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"chain-{run}-{Interlocked.Increment(ref count)}");
                var request = new CreateInstanceRequest
                {
                    InstanceId = id,
                    Name = "Chain",
                    Input = load.Length.ToString(CultureInfo.InvariantCulture),
                };
                await client.StartInstanceAsync(request, headers, cancellationToken: cancellationToken);
                await client.WaitForInstanceCompletionAsync(
                    new GetInstanceRequest { InstanceId = id }, headers, cancellationToken: cancellationToken);
            }
        }));
        return count * load.Length / clock.Elapsed.TotalSeconds;
    }

    private async Task<IAsyncDisposable> WorkerAsync(Metadata headers) =>
        IsBare ? await BareWorker.StartAsync(Address, headers) : new StoppingHost(await WorkerCommand.StartAsync(Address, new Workload(null)));

    private sealed class StoppingHost(Microsoft.Extensions.Hosting.IHost host) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}

/// <summary>What is run.</summary>
/// <param name="Length">Activities in a chain.</param>
/// <param name="Parallel">Chains at once.</param>
/// <param name="Time">For how long.</param>
internal sealed record ChainLoad(int Length, int Parallel, TimeSpan Time);
