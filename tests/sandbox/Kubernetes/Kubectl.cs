using System.Diagnostics;
using System.Text;

namespace MeshWorkflow.Tests.Sandbox.Kubernetes;

/// <summary>The real kubectl, pointed at a cluster.</summary>
public sealed class Kubectl : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kubectl-").FullName;
    private readonly string _program;

    public Kubectl(ClusterUnderTest cluster)
    {
        _program = Find() ?? "";
        Assert.SkipWhen(_program.Length == 0, "There is no kubectl on the path.");
        var authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(cluster.Authority));
        File.WriteAllText(Config, $$"""
            apiVersion: v1
            kind: Config
            current-context: sandbox
            clusters: [{ name: sandbox, cluster: { server: "{{cluster.Address}}", certificate-authority-data: {{authority}} } }]
            users: [{ name: ann, user: { token: {{cluster.Token}} } }]
            contexts: [{ name: sandbox, context: { cluster: sandbox, user: ann } }]
            """);
    }

    /// <summary>Its kubeconfig.</summary>
    public string Config => Path.Combine(_folder, "config");

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<string> RunAsync(string arguments, string input = "")
    {
        var (code, output, error) = await TryAsync(arguments, input);
        Assert.True(code == 0, $"kubectl {arguments}: {code}\n{output}\n{error}");
        return output;
    }

    /// <summary>Runs a command until its output is as wanted: releases before 1.23 can't wait for a value.</summary>
    public async Task UntilAsync(string arguments, Func<string, bool> isWanted)
    {
        while (!isWanted(await RunAsync(arguments)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async Task<(int Code, string Output, string Error)> TryAsync(string arguments, string input = "")
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    public Process Start(string arguments)
    {
        var start = new ProcessStartInfo(_program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add($"--kubeconfig={Path.Combine(_folder, "config")}");
        start.ArgumentList.Add($"--cache-dir={Path.Combine(_folder, "cache")}");
        foreach (var argument in Split(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("kubectl did not start.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);

    // By blanks, except between single quotes.
    private static IEnumerable<string> Split(string arguments) => arguments.Split('\'')
        .SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
