using System.ComponentModel;
using System.Diagnostics;
using MeshWorkflow.Steps.Failures;

namespace MeshWorkflow.MeshPackage.Manifests;

/// <summary>Runs a package's istioctl. It renders only: it is given no cluster.</summary>
internal static class Istioctl
{
    private const int ErrorLength = 2_000;

    /// <exception cref="MeshException">It failed, or can't run here: <c>ISTIOCTL_FAILED</c>.</exception>
    public static async Task<string> GenerateAsync(
        string istioctl, string revision, IReadOnlyList<(string Name, string Content)> files, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("meshworkflow-render-").FullName;
        try
        {
            List<string> arguments = ["manifest", "generate"];
            for (var i = 0; i < files.Count; i++)
            {
                var file = Path.Combine(folder, FormattableString.Invariant($"{i:00}.yaml"));
                await File.WriteAllTextAsync(file, files[i].Content, cancellationToken);
                arguments.AddRange(["-f", file]);
            }

            return await RunAsync(istioctl, folder, [.. arguments, "--set", $"revision={revision}"], cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(
        string istioctl, string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(istioctl, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(folder, "none");
        start.Environment["HOME"] = folder;
        try
        {
            using var process = Process.Start(start)
                ?? throw new MeshException("ISTIOCTL_FAILED", "istioctl did not start.", "Check that this machine may run it.");
            process.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
                var error = process.StandardError.ReadToEndAsync(cancellationToken);
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode == 0 ? await output : throw Failed(process.ExitCode, await error);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception exception)
        {
            throw new MeshException(
                "ISTIOCTL_FAILED", $"{istioctl} can't be run: {exception.Message}", "Use the package for this machine's system and processor.");
        }
    }

    private static MeshException Failed(int exitCode, string error) => new(
        "ISTIOCTL_FAILED",
        FormattableString.Invariant($"istioctl ended with {exitCode}: {(error.Length > ErrorLength ? error[..ErrorLength] : error).Trim()}"),
        "The message says what it does not accept; options and overlays are the likely cause.");
}
