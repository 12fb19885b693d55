using System.Diagnostics;

namespace MeshWorkflow.Tests.Product.Certificates;

/// <summary>openssl, which knows nothing of us.</summary>
internal static class Openssl
{
    /// <summary>Runs it; anything but success fails the test.</summary>
    public static async Task<string> RunAsync(string folder, params string[] args)
    {
        var (exitCode, output) = await TryAsync(folder, args);
        Assert.True(exitCode == 0, $"openssl {string.Join(' ', args)}: {output}");
        return output;
    }

    public static async Task<(int ExitCode, string Output)> TryAsync(string folder, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", args)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        }) ?? throw new InvalidOperationException("openssl did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>The fields of a certificate that don't differ from one making to the next.</summary>
    public static async Task<string> FieldsAsync(string folder, string file)
    {
        var text = await RunAsync(
            folder, "x509", "-in", file, "-noout", "-text", "-nameopt", "RFC2253", "-certopt", "no_serial,no_validity,no_pubkey,no_sigdump,no_header,no_version");
        string[] keyIds = ["X509v3 Subject Key Identifier", "X509v3 Authority Key Identifier"];
        var lines = text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).ToList();
        return string.Join('\n', lines.Select((line, at) => at > 0 && keyIds.Any(id => lines[at - 1].Contains(id, StringComparison.Ordinal)) ? "                (the key's)" : line)) + "\n";
    }
}
