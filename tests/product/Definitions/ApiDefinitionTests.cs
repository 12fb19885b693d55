using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshWorkflow.Sandbox.Traffic;
using MeshWorkflow.Tests.Product.Certificates;
using MeshWorkflow.Tests.Product.Rollouts;
using MeshWorkflow.Workflows.ReadModel;

namespace MeshWorkflow.Tests.Product.Definitions;

/// <summary>
/// Every call that a rollout and its undo make is one that Google defines: method, path, parameters and fields are compared with
/// the definitions that the Google Cloud CLI brings. Skipped where that is not installed.
/// </summary>
public sealed class ApiDefinitionTests
{
    // Neither is among the CLI's: one has no client there, the other is OAuth.
    private static readonly string[] Undefined = ["meshconfig", "oauth2"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rollout_AllCallsToGoogle_AreAsGoogleDefinesThem()
    {
        var cli = Cli();
        Assert.SkipWhen(cli is null, "The Google Cloud CLI, with python3, is not installed.");
        var world = Authorities.WithPool(1);
        await using var product = await ProductUnderTest.StartAsync(world with { Clusters = [world.Clusters[0] with { MasterRange = "172.16.0.0/28" }] });
        var request = Fleets.Request(1).By($"{{ type: gcp_cas, caPool: '{Authorities.Pool}', template: '{Authorities.Template}', enablePolicy: true }}");

        var ended = await product.RunAsync(request);
        Assert.Equal(RolloutState.Succeeded, ended.Rollout.State);
        await product.RollBackAsync(ended.Rollout.Id);
        Assert.Equal(RolloutState.Compensated, (await product.EndAsync(ended.Rollout.Id)).Rollout.State);

        var calls = product.Sandbox.Journal()
            .Where(entry => entry.HttpMethod.Length > 0 && entry.Api != "kubernetes" && !Undefined.Contains(entry.Api))
            .Select(Line).ToList();
        Assert.All(
            (string[])["cloudresourcemanager", "compute", "container", "gkehub", "privateca", "serviceusage"],
            api => Assert.Contains(calls, call => call["api"]!.GetValue<string>() == api));
        Assert.Empty(await ProblemsAsync(cli, calls));
    }

    [Fact]
    public async Task Check_CallThatGoogleDoesNotDefine_IsFound()
    {
        var cli = Cli();
        Assert.SkipWhen(cli is null, "The Google Cloud CLI, with python3, is not installed.");
        var body = new JsonObject { ["endpoint"] = new JsonObject { ["gkeCluster"] = new JsonObject { ["resourceLnk"] = "x" } } };
        const string Path = "/gkehub/v1/projects/p/locations/global/memberships";

        var problems = await ProblemsAsync(cli, [Line("gkehub", "POST", Path, ["membership"], body), Line("gkehub", "PUT", Path, [], null)]);

        Assert.Equal(
            [
                $"POST {Path}: gkehub.projects.locations.memberships.create has no parameter membership",
                $"POST {Path}: gkehub.projects.locations.memberships.create has no field endpoint.gkeCluster.resourceLnk",
                $"PUT {Path}: there is no such method",
            ],
            problems);
    }

    private static JsonObject Line(JournalEntry entry) => Line(entry.Api, entry.HttpMethod, entry.Path, entry.Query, entry.Body);

    private static JsonObject Line(string api, string verb, string path, IEnumerable<string> query, JsonNode? body) => new()
    {
        ["api"] = api,
        ["verb"] = verb,
        ["path"] = path,
        ["query"] = JsonSerializer.SerializeToNode(query),
        ["body"] = body,
    };

    private static async Task<string[]> ProblemsAsync(string cli, IEnumerable<JsonObject> calls)
    {
        var start = new ProcessStartInfo("python3", [Script(), cli]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = process.StandardError.ReadToEndAsync(Token);
        foreach (var call in calls)
        {
            await process.StandardInput.WriteLineAsync(call.ToJsonString());
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, await error);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // Where gcloud and python3 are on the path: the folder that gcloud is the bin/gcloud of.
    private static string? Cli()
    {
        if (OnPath("python3") is null || OnPath("gcloud") is not { } gcloud)
        {
            return null;
        }

        var file = File.ResolveLinkTarget(gcloud, returnFinalTarget: true)?.FullName ?? gcloud;
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(file));
        return folder is not null && Directory.Exists(Path.Combine(folder, "lib", "googlecloudsdk", "generated_clients")) ? folder : null;
    }

    private static string? OnPath(string command) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here) ?? "", "check-calls.py");
}
