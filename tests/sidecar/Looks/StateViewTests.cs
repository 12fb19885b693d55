using MeshWorkflow.Sidecar.Looks;
using MeshWorkflow.Sidecar.Storage;
using MeshWorkflow.WorkflowContracts;

namespace MeshWorkflow.Tests.Looks;

/// <summary>What waits for what, seen from outside of the sidecar.</summary>
public sealed class StateViewTests
{
    [Fact]
    public async Task Show_OfARunningInstance_NamesAllThatItWaitsFor()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("parent");
        var noon = new DateTimeOffset(2100, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var wait = Act.Timer(3, noon);
        wait.CreateTimer.ExternalEvent = new TimerOriginExternalEvent { Name = "approval" };
        await worker.AnswerAsync(
            await worker.NextTurnAsync(), Act.Activity(0, "Far", app: "b"), Act.Child(1, "kid"), Act.Timer(2, noon), wait);
        await worker.NextTurnAsync();

        using var view = StateView.Open(sidecar.StateFile);
        var parent = view.Show("a", "parent");
        Assert.NotNull(parent);
        Assert.Equal(
            [
                (WaitReason.Activity, "Far", null, "b"),
                (WaitReason.Child, "kid", null, "a"),
                (WaitReason.Timer, "", noon, null),
                (WaitReason.Event, "approval", noon, (string?)null),
            ],
            parent.Waits.Select(w => (w.For, w.What, w.Until, w.App)));

        var kid = view.Show("a", "kid");
        Assert.NotNull(kid);
        Assert.Equal("parent", kid.Parent);
        Assert.Equal((WaitReason.Turn, "a"), (kid.Waits[0].For, kid.Waits[0].App));
        Assert.Null(view.Show("a", "nobody"));
        Assert.Contains(view.History("a", "parent")!, line => line is { Type: "TimerCreated", Text: "event approval until 2100-01-01 12:00:00Z" });
        var summary = Assert.Single(view.List("a", "running", 10));
        Assert.Equal(("parent", 1, 2, 0), (summary.Id, summary.OpenActivities, summary.OpenTimers, summary.Unread));
        Assert.Throws<ArgumentException>(() => view.List(null, "lost", 10));

        var backup = sidecar.StateFile + ".copy";
        view.Backup(backup);
        using var copy = StateView.Open(backup);
        Assert.Equal(view.List(null, null, 10), copy.List(null, null, 10));
    }

    [Fact]
    public async Task Show_OfAnInstanceThatIsHeldUp_SaysByWhat()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("stalled");
        await worker.AnswerAsync(await worker.NextTurnAsync(), new WorkflowAction { WorkflowVersionNotAvailable = new() });
        _ = sidecar.BeginAsync("suspended");
        await worker.AnswerAsync(await worker.NextTurnAsync());
        var suspension = sidecar.Client().SuspendInstanceAsync(new SuspendRequest { InstanceId = "suspended", Reason = "lunch" });
        await worker.AnswerAsync(await worker.NextTurnAsync());
        await suspension;
        using var view = StateView.Open(sidecar.StateFile);
        var repair = Assert.Single(view.Show("a", "stalled")!.Waits, wait => wait.For is WaitReason.Repair);
        Assert.StartsWith("VersionNotAvailable", repair.What, StringComparison.Ordinal);
        Assert.Equal((WaitReason.Resumption, "lunch"), (view.Show("a", "suspended")!.Waits[0].For, view.Show("a", "suspended")!.Waits[0].What));
    }

    [Fact]
    public async Task View_HeldOpen_HoldsNoWriterUp()
    {
        await using var sidecar = await TestSidecar.StartAsync();
        using var worker = await sidecar.ConnectAsync();
        _ = sidecar.BeginAsync("i");
        await worker.AnswerAsync(await worker.NextTurnAsync(), Act.Activity(0));
        var seen = sidecar.Host.Database.Read(connection =>
        {
            // A reader in the middle of its snapshot: what is written meanwhile goes through, and it goes on seeing what it saw.
            using var transaction = connection.BeginTransaction(deferred: true);
            var before = Count(connection);
            sidecar.Host.Database.CommitAsync(writer => writer.Run("DELETE FROM activity")).Wait(TestSidecar.Cancellation);
            return (before, Count(connection));
        });
        Assert.Equal((1L, 1L), seen);
        Assert.Equal(0L, sidecar.Host.Database.Read(Count));
    }

    [Fact]
    public void Open_WithoutAFile_SaysSo()
    {
        var refusal = Assert.Throws<StateFileException>(() => StateView.Open("/nowhere/state.db"));
        Assert.Contains("nothing has been started", refusal.Message, StringComparison.Ordinal);
    }

    private static long Count(Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM activity";
        return (long)command.ExecuteScalar()!;
    }
}
