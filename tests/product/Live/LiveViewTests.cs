using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Cli.Live;
using MeshWorkflow.Workflows.ReadModel;
using Spectre.Console.Testing;

namespace MeshWorkflow.Tests.Product.Live;

/// <summary>What people see of a rollout under way.</summary>
public sealed class LiveViewTests
{
    private static readonly Happening[] Story =
    [
        Happenings.Rollout(RolloutState.Running),
        Happenings.Stage("canary", StageState.Done),
        Happenings.Stage("rest", StageState.Running, failed: 1),
        Happenings.Step("1", "mesh-id", "Verify", "Done", cluster: "c1"),
        Happenings.State("2", ClusterState.Succeeded, "c1"),
        Happenings.Step("3", "mesh-id", "Verify", "Done", cluster: "c2"),
        Happenings.Step("4", "control-plane", "VerifyUndo", "Wait", "istiod [asm] is ending", "c2"),
    ];

    [Fact]
    public void Of_ClusterUnderWay_ShowsStepPhaseAndWhyItWaits()
    {
        var line = Assert.Single(Draw(Story), line => line.Contains("c2", StringComparison.Ordinal));

        Assert.Contains("control-plane verify undo wait: istiod [asm] is ending", line, StringComparison.Ordinal);
        Assert.Contains("• ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_HealthyCluster_IsFoldedIntoTheCount()
    {
        var lines = Draw(Story);

        Assert.DoesNotContain(lines, line => line.Contains("c1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("1 succeeded, 1 still to come", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_Stages_AreShownInOrderWithWhatFailed()
    {
        var stages = Draw(Story).Where(line => line.Contains("cluster(s)", StringComparison.Ordinal)).ToList();

        Assert.Contains("✓ canary", stages[0], StringComparison.Ordinal);
        Assert.Contains("▸ rest", stages[1], StringComparison.Ordinal);
        Assert.Contains("1 failed of 1 allowed", stages[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FailedCluster_StaysWithItsReason() => Assert.Contains(
        Draw([.. Story, Happenings.State("5", ClusterState.Compensated, "c2", "ISTIOD_NOT_READY: no pod")]),
        line => line.Contains("c2", StringComparison.Ordinal) && line.Contains("Compensated", StringComparison.Ordinal)
            && line.Contains("ISTIOD_NOT_READY: no pod", StringComparison.Ordinal));

    [Fact]
    public void Of_MoreThanFit_CountsTheRest()
    {
        var many = Enumerable.Range(0, 40).Select(i => Happenings.Step($"m{i}", "mesh-id", "Plan", "Done", cluster: $"many-{i}"));

        var lines = Draw([Happenings.Rollout(RolloutState.Running), .. many], height: 15);

        Assert.True(lines.Count <= 15, $"{lines.Count} lines");
        Assert.Contains(lines, line => line.Contains("30 more under way", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_ConnectionLost_SaysSoUntilItIsBack()
    {
        Happening[] lost = [.. Story, new Happening.Lost("Connection refused")];

        Assert.Contains("Connection refused", Draw(lost)[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Connection refused", Draw([.. lost, Happenings.Rollout(RolloutState.Running)])[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Picture_Terminal_EndsCleared()
    {
        using var console = new TestConsole().Interactive().EmitAnsiSequences().Width(120);

        await RolloutWatch.PictureAsync(Happenings.Async(Story), console);

        Assert.Contains("control-plane verify undo", console.Output, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?25h", console.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_NoTerminal_OneForEachEvent()
    {
        using var console = new TestConsole().Width(200);

        await RolloutWatch.LinesAsync(Happenings.Async(Story), console);

        Assert.Equal(Story.OfType<Happening.Step>().Count(), console.Lines.Count(line => line.Length > 0));
        Assert.DoesNotContain("\u001b", console.Output, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Draw(IEnumerable<Happening> happenings, int height = 40)
    {
        var live = new LiveRollout();
        foreach (var happening in happenings)
        {
            live.Take(happening);
        }

        using var console = new TestConsole().Width(140);
        console.Write(LiveView.Of(live, height));
        return [.. console.Lines.Where(line => line.Trim().Length > 0)];
    }
}
