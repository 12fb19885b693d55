using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Cli.Asmcli;
using MeshWorkflow.Cli.Client;
using MeshWorkflow.Cli.Commands;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Tests.Product.Rollouts;
using Spectre.Console;
using Spectre.Console.Testing;

namespace MeshWorkflow.Tests.Product.Commands;

/// <summary>What the command writes: for programs, for terminals that nobody else may steer, and to whoever stops watching.</summary>
public sealed class TerminalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a\u001b[2Jb", "a\\u001b[2Jb")]
    [InlineData("a\u009b2Jb", "a\\u009b2Jb")]
    [InlineData("a\u202eb", "a\\u202eb")]
    [InlineData("a\u200bb\u0007", "a\\u200bb\\u0007")]
    [InlineData("é 😀", "é 😀")]
    public void Write_TextOfOthers_SteersNothing(string text, string shown)
    {
        using var terminal = new TestConsole().EmitAnsiSequences().Width(500);
        var console = new SafeConsole(terminal);

        console.MarkupLineInterpolated($"[red]{text}[/]");
        console.WriteLine(text);

        Assert.Equal(3, terminal.Output.Split(shown).Length);
        Assert.Equal(text == shown, terminal.Output.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_AnswersOfTheApi_AreSafe()
    {
        const string Answer = """{"type":"a","title":"\u001b[2J","status":400,"detail":"one\ntwo\u001b]0;x\u0007","mistakes":[{"path":"\u202e","code":"C","message":"m\u009b","remedy":"r"}]}""";

        var problem = JsonSerializer.Deserialize(Answer, RolloutClient.Answers.Problem);

        Assert.Equal(("\\u001b[2J", "one\ntwo\\u001b]0;x\\u0007"), (problem?.Title, problem?.Detail));
        Assert.Equal(("\\u202e", "m\\u009b"), (problem?.Mistakes?[0].Path, problem?.Mistakes?[0].Message));
    }

    [Theory]
    [InlineData("ya29.a0AfH6SMBx")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIE")]
    [InlineData("""{"type":"service_account","private_key":"x"}""")]
    [InlineData("https://user:geheim@proxy.example.com")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln")]
    public void Read_EnvironmentWithASecret_IsNotSaidBack(string secret)
    {
        foreach (var flag in Flags.All.Where(flag => flag.Environment is not null))
        {
            var flags = FlagValues.Read([], name => name == flag.Environment ? secret : name == flag.OnlyWith ? "1" : null);

            var said = string.Join('\n', flags.Notes.Concat(flags.Mistakes.Concat(AsmcliRules.Check(flags, Purpose.Install)).Select(mistake => mistake.ToString())));
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Json_OfOneRollout_IsWhatTheApiAnswers()
    {
        await using var product = await ProductUnderTest.StartAsync();
        string[] state = ["--state", product.State.Path];
        var request = Path.Combine(product.State.Path, "request.yaml");
        await File.WriteAllTextAsync(request, Requests.OneCluster(), Token);

        var install = Lines(await RunAsync(["install", "-f", request, "--json", .. state]));
        var watch = Lines(await RunAsync(["watch", "test", "--json", .. state]));
        var status = Assert.Single(Lines(await RunAsync(["status", "test", "--json", .. state])));
        var list = Assert.Single(Lines(await RunAsync(["list", "--json", .. state])));
        var again = Assert.Single(Lines(await RunAsync(["install", "-f", request, "--detach", "--json", .. state])));

        Assert.Equal("Succeeded", status["rollout"]?["state"]?.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(status, install[^1]));
        Assert.True(JsonNode.DeepEquals(status, watch[^1]));
        Assert.All(install.SkipLast(1), line => Assert.NotNull(line["scope"]));
        Assert.Equal("test-g1", list["rollouts"]?[0]?["id"]?.GetValue<string>());
        Assert.Equal("test-g2", again["rollout"]?["id"]?.GetValue<string>());
    }

    [Fact]
    public async Task Watch_Interrupted_SaysThatTheRolloutGoesOn()
    {
        await using var product = await ProductUnderTest.StartAsync();
        var hold = product.Sandbox.Hold(new HoldSpec(new CallMatch("gkehub", "memberships.create"), HoldPoint.BeforeEffect));
        var id = await product.BeginAsync(Requests.OneCluster());
        await product.Sandbox.ReachedAsync(hold).WaitAsync(TimeSpan.FromSeconds(60), Token);
        var watch = await ProductProcess.StartAsync(["watch", id, "--state", product.State.Path], "mesh-a");

        var (exitCode, output) = await watch.InterruptAsync();

        Assert.Equal(130, exitCode);
        Assert.Contains($"{id} goes on.", output, StringComparison.Ordinal);
        Assert.Contains($"meshwf rollback {id}", output, StringComparison.Ordinal);
        product.Sandbox.Release(hold, HoldAction.Proceed);
        Assert.Equal("Succeeded", (await product.EndAsync(id)).Rollout.State.ToString());
    }

    private static IReadOnlyList<JsonObject> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Assert.IsType<JsonObject>(JsonNode.Parse(line)))];

    private static async Task<string> RunAsync(string[] args)
    {
        using var console = new TestConsole();
        using var errors = new TestConsole();
        var exitCode = await MeshwfCommand.RunAsync(args, console, errors);
        Assert.True(exitCode == 0, $"{exitCode}: {errors.Output}");
        return console.Output;
    }
}
