using System.Diagnostics;
using System.Runtime.CompilerServices;
using MeshWorkflow.Sandbox.Hosting;

namespace MeshWorkflow.Tests.Sandbox.ForeignClients;

/// <summary>The calls that asmcli makes, by the tools that it uses. Where these are missing the test is skipped.</summary>
public sealed class AsmcliCallsTests
{
    private static readonly string[] Tools = ["bash", "gcloud", "gke-gcloud-auth-plugin", "kubectl", "curl", "jq", "openssl"];

    [Fact]
    public async Task Install_ByAsmclisCalls_GoesThrough()
    {
        var missing = Tools.Where(tool => !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)))).ToList();
        Assert.SkipWhen(missing.Count > 0, $"Not on the path: {string.Join(", ", missing)}.");
        var work = Directory.CreateTempSubdirectory("asmcli-").FullName;
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Folder = Path.Combine(work, "sandbox") }, TestContext.Current.CancellationToken);

        await File.WriteAllTextAsync(Path.Combine(work, "token"), sandbox.TokenFor("user:owner@example.com"), TestContext.Current.CancellationToken);
        var (code, output) = await RunAsync(sandbox.Addresses, work);

        Assert.True(code == 0, output);
        Assert.Contains("step done", output, StringComparison.Ordinal);
        Assert.Contains(sandbox.Journal(), entry => entry.Method == "memberships.create" && entry.Effects.Count > 0);
        Directory.Delete(work, recursive: true);
    }

    private static async Task<(int Code, string Output)> RunAsync(SandboxAddresses addresses, string work)
    {
        var start = new ProcessStartInfo("bash", [Script()]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["GOOGLE"] = addresses.Google.ToString().TrimEnd('/'),
            ["KEY"] = addresses.CredentialsFile,
            ["TOKEN"] = Path.Combine(work, "token"),
            ["P"] = "demo-apps",
            ["L"] = "us-central1",
            ["C"] = "mesh-a",
            ["F"] = "demo-fleet",
            ["WORK"] = work,
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, $"{await output}{await error}");
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here) ?? "", "asmcli-calls.sh");
}
