using MeshWorkflow.Sidecar.Hosting;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Storage;

/// <summary>The file stays as large as what is kept, however long work goes on.</summary>
public sealed class CompactionTests
{
    private const int Instances = 60;
    private const int InputSize = 20_000;
    private const int PageSize = 4096;

    [Fact]
    public async Task EndlessWork_WithRetention_KeepsTheFileBounded()
    {
        await using var sidecar = await TestSidecar.StartAsync(retention: new WorkflowRetention { AnyTerminal = TimeSpan.Zero });
        using var worker = await sidecar.ConnectAsync();
        for (var round = 0; round < 5; round++)
        {
            await WorkAsync(sidecar, worker, round);
        }

        // Room for one round, of five that went through it.
        Assert.InRange(await PagesAsync(sidecar), 1, Instances * InputSize / PageSize);
    }

    [Fact]
    public async Task Purge_OfMuch_GivesTheRoomBackWhileRunning()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("large", input: new string('x', 3_000_000));
        await worker.NextTurnAsync();
        _ = sidecar.BeginAsync("larger", input: new string('x', 3_000_000));
        await worker.NextTurnAsync();
        var before = await PagesAsync(sidecar);
        var client = sidecar.Client();
        await client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "large", Force = true });
        await client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = "larger", Force = true });
        Assert.InRange(await PagesAsync(sidecar), 1, before / 2);
    }

    [Fact]
    public async Task Compact_OfAFileInUse_IsRefusedByName_AndWorksAfterwards()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            var key = $"key-{i}";
            await sidecar.Host.Database.CommitAsync(writer => writer.Run("INSERT INTO state VALUES (?1, ?2, 1, NULL)", key, new byte[20_000]));
        }

        await sidecar.Host.Database.CommitAsync(writer => writer.Run("DELETE FROM state"));
        var refusal = Assert.Throws<StateFileException>(() => StateFile.Compact(sidecar.StateFile));
        Assert.Contains($"process {Environment.ProcessId} (", refusal.Message, StringComparison.Ordinal);
        await sidecar.StopAsync();
        var (before, after) = StateFile.Compact(sidecar.StateFile);
        Assert.InRange(after, 1, before / 4);
        await sidecar.RestartAsync();
    }

    private static async Task WorkAsync(TestSidecar sidecar, RawWorker worker, int round)
    {
        var client = sidecar.Client();
        for (var i = 0; i < Instances; i++)
        {
            _ = sidecar.BeginAsync($"r{round}-{i}", input: new string('x', InputSize));
            await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Complete("\"done\""));
        }

        while ((await client.ListInstanceIDsAsync(new ListInstanceIDsRequest())).InstanceIds.Count > 0)
        {
            TestSidecar.Cancellation.ThrowIfCancellationRequested();
        }
    }

    private static Task<long> PagesAsync(TestSidecar sidecar) =>
        sidecar.Host.Database.CommitAsync(writer => writer.Scalar("PRAGMA page_count") ?? 0);
}
