using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Crashes;

/// <summary>A worker that no longer answers HTTP/2 pings, though its connection stands, is gone: its work goes to the next.</summary>
public sealed class FrozenWorkerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-frozen-").FullName;

    [Fact]
    public async Task Worker_Frozen_LosesItsWorkToTheNext()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP.");
        await using var sidecar = await SidecarHost.StartAsync(
            new SidecarOptions
            {
                StateFile = Path.Combine(_folder, "state.db"),
                Apps = [new SidecarApp { Id = "a" }],
                Ping = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            },
            TestContext.Current.CancellationToken);
        var address = sidecar.Apps["a"].GrpcAddress;
        using var channel = GrpcChannel.ForAddress(address);
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(channel);
        using var frozen = await Victim.WorkerAsync(address, Path.Combine(_folder, "journal"));

        // Its first workflow ends when its stream is open.
        await client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "first", Name = "Chain", Input = "1" });
        await client.WaitForInstanceCompletionAsync(new GetInstanceRequest { InstanceId = "first" });
        using (var stop = Process.Start("kill", ["-STOP", frozen.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await stop.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var start = client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = "second", Name = "Chain", Input = "1" });
        while (!(await client.GetInstanceAsync(new GetInstanceRequest { InstanceId = "second" })).Exists)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        using var next = await RawWorker.ConnectAsync(client);
        var turn = await next.NextTurnAsync();
        Assert.Equal("second", turn.WorkflowRequest.InstanceId);
        await next.AnswerAsync(turn, Act.Complete());
        await start;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
