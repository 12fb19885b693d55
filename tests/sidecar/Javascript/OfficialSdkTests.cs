using System.Diagnostics;
using System.Text.Json.Nodes;
using MeshWorkflow.Sidecar.Hosting;

namespace MeshWorkflow.Tests.Javascript;

/// <summary>The official Dapr SDK for JavaScript, which nobody here wrote: its worker and its client, on the embedded sidecar.</summary>
public sealed class OfficialSdkTests
{
    private const string Prefix = "VERDICT ";

    [Fact]
    public async Task Sdk_EveryScenario_GivesWhatDaprGives()
    {
        var folder = Folder();
        Assert.SkipUnless(File.Exists(Path.Combine(folder, "node_modules", "@dapr", "dapr", "package.json")), $"run npm ci --prefix {folder} first");
        await using var sidecar = await TestSidecar.StartAsync();
        var verdict = await RunAsync(folder, sidecar.Host.Apps["a"]);
        var expected = JsonNode.Parse(
            """
            {
              "activities": { "status": "COMPLETED", "output": 6 },
              "fanOut": { "status": "COMPLETED", "output": 230 },
              "timer": { "status": "COMPLETED", "output": true },
              "whenAny": { "status": "COMPLETED", "output": "timer" },
              "children": { "status": "COMPLETED", "output": "2,3,4" },
              "continueAsNew": { "status": "COMPLETED", "output": "one" },
              "event": { "customStatus": "listening", "status": "COMPLETED", "output": { "heard": { "n": 1 } } },
              "carriedEvents": { "status": "COMPLETED", "output": 10 },
              "failure": { "status": "FAILED", "told": true, "attempts": 1 },
              "terminate": { "status": "TERMINATED", "output": "bye" },
              "suspendAndResume": { "before": "SUSPENDED", "status": "COMPLETED", "output": { "heard": "back" } },
              "purge": { "purged": true, "gone": true },
              "idInUse": 6,
              "stateOverGrpc": { "before": { "n": 1 }, "bulk": ["", "three"], "after": "", "app": "a" },
              "stateOverHttp": { "before": { "n": 1 }, "bulk": ["", "three"], "after": "", "app": "a" },
              "scheduled": { "before": "PENDING", "status": "COMPLETED", "output": 2 }
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, verdict), $"The SDK saw: {verdict}");
    }

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file) ?? "", "..", "..", "javascript"));

    private static async Task<JsonNode?> RunAsync(string folder, AppEndpoints app)
    {
        var start = new ProcessStartInfo("node", ["workflows.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DAPR_GRPC_ENDPOINT"] = app.GrpcAddress.ToString(), ["DAPR_HTTP_ENDPOINT"] = app.HttpAddress.ToString() },
        };
        using var node = Start(start);
        try
        {
            var errors = node.StandardError.ReadToEndAsync(TestSidecar.Cancellation);
            var output = await node.StandardOutput.ReadToEndAsync(TestSidecar.Cancellation);
            var line = output.Split('\n').FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal));
            Assert.True(line is not null, $"No verdict. {output} {await errors}");
            return JsonNode.Parse(line[Prefix.Length..]);
        }
        finally
        {
            node.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            Assert.Skip($"node can't be started: {exception.Message}");
            throw;
        }
    }
}
