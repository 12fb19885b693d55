using System.Text.Json;

namespace MeshWorkflow.Tests.Product.Commands;

/// <summary>Looking at workflows and the state file while everything runs.</summary>
public sealed class WorkflowsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshwf-workflows-").FullName;

    [Fact]
    public async Task WorkflowsAndState_OfARunningMachine_AreShownAndCopied()
    {
        await using var product = await ProductUnderTest.StartAsync();
        string[] state = ["--state", product.State.Path];
        var request = Path.Combine(_folder, "request.yaml");
        await File.WriteAllTextAsync(request, Rollouts.Requests.OneCluster(), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await ProductProcess.RunAsync(["install", "-f", request, .. state])).ExitCode);

        var (listed, list) = await ProductProcess.RunAsync(["workflows", "list", "--status", "completed", "--json", .. state]);
        Assert.True(listed == 0, list);
        using var document = JsonDocument.Parse(list);
        var first = document.RootElement.EnumerateArray().First().GetProperty("id").GetString() ?? "";
        var (shown, details) = await ProductProcess.RunAsync(["workflows", "show", first, .. state]);
        Assert.True(shown == 0, details);
        Assert.Contains("Completed", details, StringComparison.Ordinal);
        var (told, history) = await ProductProcess.RunAsync(["workflows", "history", first, .. state]);
        Assert.True(told == 0, history);
        Assert.Contains("ExecutionStarted", history, StringComparison.Ordinal);
        Assert.Equal(2, (await ProductProcess.RunAsync(["workflows", "show", "nobody", .. state])).ExitCode);
        Assert.Equal(2, (await ProductProcess.RunAsync(["workflows", "list", "--status", "lost", .. state])).ExitCode);

        var backup = Path.Combine(_folder, "backup.db");
        var (copied, copy) = await ProductProcess.RunAsync(["state", "backup", backup, .. state]);
        Assert.True(copied == 0 && File.Exists(backup), copy);
        Assert.Equal(1, (await ProductProcess.RunAsync(["state", "backup", backup, .. state])).ExitCode);
        var (compacted, refusal) = await ProductProcess.RunAsync(["state", "compact", .. state]);
        Assert.Equal(1, compacted);
        Assert.Contains("in use by process", refusal, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
