using MeshWorkflow.Tests.Product.Rollouts;

namespace MeshWorkflow.Tests.Product.Docs;

/// <summary>The commands of the README and of the pages run as they stand, one after another, on one sandbox.</summary>
public sealed class DocCommandTests
{
    // What ends otherwise than with 0, and is meant to.
    private static readonly (string Verb, int ExitCode)[] Ends = [(" rollback ", 5), (" create-mesh ", 3)];

    [Fact]
    public void Pages_Blocks_AreRunOrSayWhyNot()
    {
        Assert.Empty(DocBlocks.Pages.SelectMany(DocBlocks.Others));
        Assert.Empty(DocBlocks.Pages.SelectMany(DocBlocks.Unexplained));
    }

    [Fact]
    public async Task Pages_Commands_RunAsTheyStand()
    {
        await using var product = await ProductUnderTest.StartAsync();
        using var shell = new DocShell(product.State.Path);
        await File.WriteAllTextAsync(
            Path.Combine(shell.Folder, "request.yaml"),
            Requests.OneCluster().Replace("name: test", "name: prod-mesh", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var ran = 0;
        foreach (var page in DocBlocks.Pages)
        {
            foreach (var command in DocBlocks.Commands(page))
            {
                var expected = Ends.FirstOrDefault(end => command.Contains(end.Verb, StringComparison.Ordinal)).ExitCode;
                var (exitCode, output) = await shell.RunAsync(command);
                Assert.True(exitCode == expected, $"{Path.GetFileName(page)}: {command}\nended with {exitCode}:\n{output}");
                ran++;
            }
        }

        Assert.True(ran >= 10, $"Only {ran} commands were found.");
    }
}
