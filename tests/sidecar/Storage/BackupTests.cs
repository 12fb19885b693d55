using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Storage;

public sealed class BackupTests
{
    [Fact]
    public async Task Backup_OfARunningSidecar_GoesOnWhereItStood()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
        var backup = sidecar.StateFile + ".backup";
        await sidecar.Host.BackupAsync(backup);
        var refusal = await Assert.ThrowsAsync<StateFileException>(() => sidecar.Host.BackupAsync(backup));
        Assert.Contains("exists", refusal.Message, StringComparison.Ordinal);

        await using var restored = await SidecarHost.StartAsync(
            new SidecarOptions { StateFile = backup, Apps = [new SidecarApp { Id = "a" }] }, TestSidecar.Cancellation);
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(restored.Apps["a"].GrpcAddress);
        using var next = await RawWorker.ConnectAsync(new TaskHubSidecarService.TaskHubSidecarServiceClient(channel));
        Assert.Equal("i", (await next.NextActivityAsync()).ActivityRequest.WorkflowInstance.InstanceId);
    }
}
